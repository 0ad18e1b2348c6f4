"""What one event says, in a few words."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext

from dashboard.wording import later as _

_SENTENCES: Final = {
    "sqs.MessageSent": _("message {m} sent to {node}"),
    "sqs.MessageReceived": _("message {m} received from {node}"),
    "sqs.MessageVisible": _("message {m} visible again in {node}"),
    "sqs.MessageDuplicated": _("message {m} handed out twice by {node}"),
    "sqs.VisibilityChanged": _("another timeout for message {m} in {node}"),
    "sqs.MessageDeleted": _("message {m} deleted from {node}"),
    "sqs.MessageExpired": _("message {m} expired in {node}"),
    "sqs.MessageMoved": _("message {m} leaves {node}"),
    "sqs.MessageArrived": _("message {m} moved to dead letters in {node}"),
    "sqs.DeleteIgnored": _("a late delete changed nothing in {node}"),
    "sqs.EmptyReceive": _("nothing to receive from {node}"),
    "sqs.SendDeduplicated": _("a repeated send to {node} was dropped"),
    "sqs.QueueCreated": _("queue {node} created"),
    "sqs.QueueDeleted": _("queue {node} deleted"),
    "sqs.QueuePurged": _("queue {node} purged"),
    "sqs.AttributesSet": _("attributes of {node} changed"),
    "events.BusCreated": _("{node} created"),
    "events.BusChanged": _("settings of {node} changed"),
    "events.BusDeleted": _("{node} deleted"),
    "events.PolicySet": _("policy of {node} changed"),
    "events.RuleCreated": _("{node} created"),
    "events.RuleChanged": _("{node} changed"),
    "events.RuleStateSet": _("{node} enabled or disabled"),
    "events.RuleDeleted": _("{node} deleted"),
    "events.TargetsSet": _("targets of {node} changed"),
    "events.Received": _("event {m} came to {node}"),
    "events.Replayed": _("event {m} replayed on {node}"),
    "events.Matched": _("event {m} matches {node}"),
    "events.Delivered": _("event {m} delivered by {node}"),
    "events.DeliveryFailed": _("event {m} could not be delivered by {node}"),
    "events.DeadLettered": _("event {m} moved to dead letters by {node}"),
    "events.Looped": _("event {m} runs in a circle at {node}"),
    "events.ReplayStarted": _("{node} started"),
    "events.ReplayMoved": _("{node} went on"),
    "lambda.FunctionCreated": _("function {node} created"),
    "lambda.FunctionUpdated": _("function {node} changed"),
    "lambda.FunctionDeleted": _("function {node} deleted"),
    "lambda.PolicyChanged": _("policy of {node} changed"),
    "lambda.MappingCreated": _("{node} gets the messages of a queue"),
    "lambda.MappingUpdated": _("the source of {node} changed"),
    "lambda.MappingDeleted": _("{node} gets no messages of a queue any more"),
    "lambda.Invoked": _("{node} begins to work on {m}"),
    "lambda.Succeeded": _("{node} is done with {m}"),
    "lambda.Failed": _("{node} failed on {m}"),
    "lambda.Throttled": _("{node} has no room for {m}"),
    "lambda.Retrying": _("{node} will try {m} again"),
    "lambda.Delivered": _("result of {m} sent on by {node}"),
    "lambda.DeadLettered": _("{m} moved to dead letters by {node}"),
    "lambda.Dropped": _("{m} dropped by {node}"),
    "lambda.FilteredOut": _("{m} stopped by the filter of {node}"),
    "cloudwatch.AlarmCreated": _("alarm {node} created"),
    "cloudwatch.AlarmUpdated": _("alarm {node} changed"),
    "cloudwatch.AlarmDeleted": _("alarm {node} deleted"),
    "cloudwatch.AlarmStateChanged": _("alarm {node} has another state"),
    "cloudwatch.ActionDone": _("alarm {node} told somebody"),
    "cloudwatch.ActionFailed": _("an action of alarm {node} failed"),
    "api.Failed": _("a call to {node} failed"),
    "actor.Failed": _("{node} failed on a message"),
    "actor.Added": _("{node} added"),
    "actor.Changed": _("{node} changed"),
    "actor.Started": _("{node} started"),
    "actor.Stopped": _("{node} stopped"),
    "actor.Removed": _("{node} removed"),
    "client.Connected": _("{node} called for the first time"),
    "client.Linked": _("a program uses {node}"),
    "clock.Paused": _("the world was paused"),
    "clock.Played": _("the world goes on"),
    "clock.Rated": _("another speed of the world"),
    "clock.Stepped": _("one step of the world"),
    "clock.Skipped": _("a skip to the next moment"),
}


def sentence(kind: str, node: str, data: Mapping[str, Any]) -> str:
    """Return what happened; a kind that has no sentence is named."""
    pattern = _SENTENCES.get(kind)
    name = node.rpartition(":")[2] or gettext("the sandbox")
    if pattern is None:
        return f"{kind.partition('.')[2]} · {name}"
    return pattern.format(m=data.get("m", ""), node=name)
