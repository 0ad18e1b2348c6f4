"""What AWS promises of each kind of resource of fan-out: how it is made, changed and deleted.

One entry a kind, read by ``test_life_of_resources.py``. A provisioning tool counts on all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tests.fixtures.engine import ACCOUNT, REGION
from tests.services.awslambda.conftest import archive

# Stands for what the answer to the creation calls the resource.
MADE: Final = "(made)"
# Stands for what the answer to the last need calls it.
NEED: Final = "(need)"
TAGS: Final = {"team": "sales"}
PAIRS: Final = [{"Key": key, "Value": value} for key, value in TAGS.items()]


class Call(NamedTuple):
    """An operation, as boto3 names it, with its parameters."""

    operation: str
    params: Mapping[str, Any] = {}


class Need(NamedTuple):
    """What has to be there before."""

    service: str
    call: Call


@dataclass(frozen=True, kw_only=True)
class Life:
    """One kind of resource.

    ``made`` is the member of the creation's answer that names it; ``shows`` is the place of the
    resource in the answer to ``read``, ``changed`` what differs there after ``update``. ``again``,
    ``gone`` and ``missing`` are AWS's codes where it is made again, deleted again, and read when it
    is gone; "" where that succeeds: made again it is the same, and to read is what was read before.
    ``lost`` is the code where it is changed when it is gone, if that is not ``missing``.
    ``parent`` deletes the first need, and the resource with it.

    ``listed`` is the member with the list that ``lists`` returns. ``tagged`` is the member of the
    creation's answer with the ARN that has tags, or that ARN; "" where there are none.
    """

    name: str
    service: str
    create: Call
    read: Call
    update: Call
    changed: Mapping[str, Any]
    delete: Call
    missing: str
    made: str = ""
    again: str = ""
    gone: str = ""
    lost: str | None = None
    parent: Call | None = None
    shows: tuple[str | int, ...] = ()
    lists: Call | None = None
    listed: str = ""
    tagged: str = ""
    needs: tuple[Need, ...] = ()


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


_ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/worker"
_TOPIC: Final = arn("sns", "news")
_QUEUE: Final = arn("sqs", "jobs")
_BUS: Final = arn("events", "event-bus/shop")
_FUNCTION: Final = arn("lambda", "function:worker")
_PATTERN: Final = '{"source":["shop"]}'
_KEY: Final = {"ApiKeyAuthParameters": {"ApiKeyName": "key", "ApiKeyValue": "secret"}}

_NEEDS_TOPIC: Final = Need("sns", Call("create_topic", {"Name": "news"}))
_NEEDS_QUEUE: Final = Need("sqs", Call("create_queue", {"QueueName": "jobs"}))
_NEEDS_BUS: Final = Need("events", Call("create_event_bus", {"Name": "shop"}))
_NEEDS_RULE: Final = Need("events", Call("put_rule", {"Name": "all", "EventPattern": _PATTERN}))
_NEW_FUNCTION: Final = Call("create_function", {
    "FunctionName": "worker", "Role": _ROLE, "Runtime": "python3.13", "Handler": "app.handler",
    "Code": {"ZipFile": archive()}, "Tags": TAGS,
})  # fmt: skip
_NEEDS_FUNCTION: Final = Need("lambda", _NEW_FUNCTION)
_SCHEDULE: Final = {
    "Name": "tick", "FlexibleTimeWindow": {"Mode": "OFF"}, "ScheduleExpression": "rate(2 days)",
    "Target": {"Arn": _QUEUE, "RoleArn": _ROLE},
}  # fmt: skip
_ALARM: Final = {
    "AlarmName": "deep", "Namespace": "Shop", "MetricName": "Depth", "Statistic": "Maximum",
    "Period": 60, "EvaluationPeriods": 1, "Threshold": 5, "Tags": PAIRS,
    "ComparisonOperator": "GreaterThanThreshold",
}  # fmt: skip
_COMPOSITE: Final = {"AlarmName": "any", "AlarmRule": "FALSE", "Tags": PAIRS}
_COMPOSITES: Final = {"AlarmTypes": ["CompositeAlarm"]}


def _topic(name: str, **attributes: str) -> Life:
    made = {"TopicArn": MADE}
    named = {"AttributeName": "DisplayName", "AttributeValue": "News"}
    return Life(
        name=f"sns topic {name}", service="sns", made="TopicArn", tagged="TopicArn",
        create=Call("create_topic", {"Name": name, "Attributes": attributes, "Tags": PAIRS}),
        read=Call("get_topic_attributes", made), shows=("Attributes",), missing="NotFound",
        update=Call("set_topic_attributes", {**made, **named}), changed={"DisplayName": "News"},
        lists=Call("list_topics"), listed="Topics", delete=Call("delete_topic", made),
    )  # fmt: skip


_SNS: Final = (
    _topic("news"),
    _topic("news.fifo", FifoTopic="true"),
    Life(
        name="sns subscription", service="sns", made="SubscriptionArn",
        parent=Call("delete_topic", {"TopicArn": _TOPIC}),
        needs=(_NEEDS_TOPIC, _NEEDS_QUEUE),
        create=Call("subscribe", {"TopicArn": _TOPIC, "Protocol": "sqs", "Endpoint": _QUEUE}),
        read=Call("get_subscription_attributes", {"SubscriptionArn": MADE}),
        shows=("Attributes",), missing="NotFound",
        update=Call("set_subscription_attributes", {
            "SubscriptionArn": MADE, "AttributeName": "RawMessageDelivery",
            "AttributeValue": "true",
        }),
        changed={"RawMessageDelivery": "true"},
        lists=Call("list_subscriptions"), listed="Subscriptions",
        delete=Call("unsubscribe", {"SubscriptionArn": MADE}),
    ),
    Life(
        name="sns permission", service="sns", needs=(_NEEDS_TOPIC,),
        create=Call("add_permission", {
            "TopicArn": _TOPIC, "Label": "other", "AWSAccountId": ["111122223333"],
            "ActionName": ["Publish"],
        }),
        again="InvalidParameter",
        read=Call("get_topic_attributes", {"TopicArn": _TOPIC}), shows=("Attributes",), missing="",
        update=Call("set_topic_attributes", {
            "TopicArn": _TOPIC, "AttributeName": "DisplayName", "AttributeValue": "News",
        }),
        changed={"DisplayName": "News"},
        delete=Call("remove_permission", {"TopicArn": _TOPIC, "Label": "other"}),
    ),
    Life(
        name="sns platform application", service="sns", made="PlatformApplicationArn",
        create=Call("create_platform_application", {
            "Name": "shop", "Platform": "GCM", "Attributes": {"PlatformCredential": "secret"},
        }),
        read=Call("get_platform_application_attributes", {"PlatformApplicationArn": MADE}),
        shows=("Attributes",), missing="NotFound",
        update=Call("set_platform_application_attributes", {
            "PlatformApplicationArn": MADE, "Attributes": {"Enabled": "false"},
        }),
        changed={"Enabled": "false"},
        lists=Call("list_platform_applications"), listed="PlatformApplications",
        delete=Call("delete_platform_application", {"PlatformApplicationArn": MADE}),
    ),
)  # fmt: skip

_EVENTS: Final = (
    Life(
        name="event bus", service="events", made="EventBusArn", tagged="EventBusArn",
        create=Call("create_event_bus", {"Name": "shop", "Description": "All", "Tags": PAIRS}),
        again="ResourceAlreadyExistsException",
        read=Call("describe_event_bus", {"Name": "shop"}), missing="ResourceNotFoundException",
        update=Call("update_event_bus", {"Name": "shop", "Description": "Orders"}),
        changed={"Description": "Orders"},
        lists=Call("list_event_buses"), listed="EventBuses",
        delete=Call("delete_event_bus", {"Name": "shop"}),
    ),
    Life(
        name="event bus permission", service="events", needs=(_NEEDS_BUS,),
        create=Call("put_permission", {
            "EventBusName": "shop", "Action": "events:PutEvents", "Principal": "111122223333",
            "StatementId": "other",
        }),
        read=Call("describe_event_bus", {"Name": "shop"}), missing="",
        update=Call("update_event_bus", {"Name": "shop", "Description": "Orders"}),
        changed={"Description": "Orders"},
        delete=Call("remove_permission", {"EventBusName": "shop", "StatementId": "other"}),
        gone="ResourceNotFoundException",
    ),
    Life(
        name="rule", service="events", made="RuleArn", tagged="RuleArn",
        create=Call("put_rule", {"Name": "all", "EventPattern": _PATTERN, "Tags": PAIRS}),
        read=Call("describe_rule", {"Name": "all"}), missing="ResourceNotFoundException", lost="",
        update=Call("put_rule", {
            "Name": "all", "EventPattern": _PATTERN, "State": "DISABLED", "Description": "Every",
        }),
        changed={"State": "DISABLED", "Description": "Every"},
        lists=Call("list_rules"), listed="Rules", delete=Call("delete_rule", {"Name": "all"}),
    ),
    Life(
        name="target", service="events", needs=(_NEEDS_RULE, _NEEDS_QUEUE),
        create=Call("put_targets", {"Rule": "all", "Targets": [{"Id": "t", "Arn": _QUEUE}]}),
        read=Call("list_targets_by_rule", {"Rule": "all"}), shows=("Targets", 0), missing="",
        update=Call("put_targets", {
            "Rule": "all", "Targets": [{"Id": "t", "Arn": _QUEUE, "Input": "{}"}],
        }),
        changed={"Input": "{}"},
        lists=Call("list_targets_by_rule", {"Rule": "all"}), listed="Targets",
        delete=Call("remove_targets", {"Rule": "all", "Ids": ["t"]}),
    ),
    Life(
        name="archive", service="events", made="ArchiveArn", needs=(_NEEDS_BUS,),
        create=Call("create_archive", {"ArchiveName": "past", "EventSourceArn": _BUS}),
        again="ResourceAlreadyExistsException",
        read=Call("describe_archive", {"ArchiveName": "past"}),
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        lost="InternalException",
        update=Call("update_archive", {"ArchiveName": "past", "RetentionDays": 3}),
        changed={"RetentionDays": 3},
        lists=Call("list_archives"), listed="Archives",
        delete=Call("delete_archive", {"ArchiveName": "past"}),
    ),
    Life(
        name="connection", service="events", made="ConnectionArn",
        create=Call("create_connection", {
            "Name": "crm", "AuthorizationType": "API_KEY", "AuthParameters": _KEY,
        }),
        again="ResourceAlreadyExistsException",
        read=Call("describe_connection", {"Name": "crm"}),
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        update=Call("update_connection", {"Name": "crm", "Description": "Customers"}),
        changed={"Description": "Customers"},
        lists=Call("list_connections"), listed="Connections",
        delete=Call("delete_connection", {"Name": "crm"}),
    ),
    Life(
        name="api destination", service="events", made="ApiDestinationArn",
        needs=(Need("events", Call("create_connection", {
            "Name": "crm", "AuthorizationType": "API_KEY", "AuthParameters": _KEY,
        })),),
        create=Call("create_api_destination", {
            "Name": "hook", "ConnectionArn": NEED, "HttpMethod": "POST",
            "InvocationEndpoint": "https://example.com/hook",
        }),
        again="ResourceAlreadyExistsException",
        read=Call("describe_api_destination", {"Name": "hook"}),
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        update=Call("update_api_destination", {"Name": "hook", "HttpMethod": "PUT"}),
        changed={"HttpMethod": "PUT"},
        lists=Call("list_api_destinations"), listed="ApiDestinations",
        delete=Call("delete_api_destination", {"Name": "hook"}),
    ),
)  # fmt: skip

_MOVERS: Final = (
    Life(
        name="pipe", service="pipes", made="Arn", tagged="Arn",
        create=Call("create_pipe", {
            "Name": "flow", "Source": _QUEUE, "Target": arn("sqs", "out"), "RoleArn": _ROLE,
            "Description": "On", "DesiredState": "STOPPED", "Tags": TAGS,
        }),
        again="ConflictException",
        read=Call("describe_pipe", {"Name": "flow"}), missing="NotFoundException",
        gone="NotFoundException",
        update=Call("update_pipe", {"Name": "flow", "RoleArn": f"{_ROLE}-2"}),
        changed={"RoleArn": f"{_ROLE}-2"},
        lists=Call("list_pipes"), listed="Pipes", delete=Call("delete_pipe", {"Name": "flow"}),
    ),
    Life(
        name="schedule group", service="scheduler", made="ScheduleGroupArn",
        tagged="ScheduleGroupArn",
        create=Call("create_schedule_group", {"Name": "shop", "Tags": PAIRS}),
        again="ConflictException",
        read=Call("get_schedule_group", {"Name": "shop"}),
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        update=Call("tag_resource", {"ResourceArn": MADE, "Tags": PAIRS}), changed={},
        lists=Call("list_schedule_groups"), listed="ScheduleGroups",
        delete=Call("delete_schedule_group", {"Name": "shop"}),
    ),
    Life(
        name="schedule", service="scheduler", made="ScheduleArn",
        create=Call("create_schedule", _SCHEDULE), again="ConflictException",
        read=Call("get_schedule", {"Name": "tick"}),
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        update=Call("update_schedule", {**_SCHEDULE, "State": "DISABLED"}),
        changed={"State": "DISABLED"},
        lists=Call("list_schedules"), listed="Schedules",
        delete=Call("delete_schedule", {"Name": "tick"}),
    ),
)  # fmt: skip

_WORKER: Final = {"FunctionName": "worker"}
_LAMBDA: Final = (
    Life(
        name="lambda function", service="lambda", made="FunctionArn", tagged="FunctionArn",
        create=_NEW_FUNCTION, again="ResourceConflictException",
        read=Call("get_function", _WORKER), shows=("Configuration",),
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        update=Call("update_function_configuration", {**_WORKER, "Timeout": 9}),
        changed={"Timeout": 9},
        lists=Call("list_functions"), listed="Functions",
        delete=Call("delete_function", _WORKER),
    ),
    Life(
        name="lambda permission", service="lambda", needs=(_NEEDS_FUNCTION,),
        parent=Call("delete_function", _WORKER),
        create=Call("add_permission", {
            **_WORKER, "StatementId": "sns", "Action": "lambda:InvokeFunction",
            "Principal": "sns.amazonaws.com",
        }),
        again="ResourceConflictException",
        read=Call("get_policy", _WORKER), lost="",
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        update=Call("update_function_configuration", {**_WORKER, "Timeout": 9}), changed={},
        delete=Call("remove_permission", {**_WORKER, "StatementId": "sns"}),
    ),
    Life(
        name="event source mapping", service="lambda", made="UUID",
        tagged="EventSourceMappingArn", needs=(_NEEDS_FUNCTION, _NEEDS_QUEUE),
        create=Call("create_event_source_mapping", {
            **_WORKER, "EventSourceArn": _QUEUE, "Tags": TAGS,
        }),
        again="ResourceConflictException",
        read=Call("get_event_source_mapping", {"UUID": MADE}),
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        update=Call("update_event_source_mapping", {"UUID": MADE, "BatchSize": 3}),
        changed={"BatchSize": 3},
        lists=Call("list_event_source_mappings"), listed="EventSourceMappings",
        delete=Call("delete_event_source_mapping", {"UUID": MADE}),
    ),
    Life(
        name="event invoke config", service="lambda", needs=(_NEEDS_FUNCTION,),
        parent=Call("delete_function", _WORKER),
        create=Call("put_function_event_invoke_config", {**_WORKER, "MaximumRetryAttempts": 1}),
        read=Call("get_function_event_invoke_config", _WORKER),
        missing="ResourceNotFoundException", gone="ResourceNotFoundException",
        update=Call("update_function_event_invoke_config", {
            **_WORKER, "MaximumEventAgeInSeconds": 90,
        }),
        changed={"MaximumEventAgeInSeconds": 90},
        lists=Call("list_function_event_invoke_configs", _WORKER),
        listed="FunctionEventInvokeConfigs",
        delete=Call("delete_function_event_invoke_config", _WORKER),
    ),
    Life(
        name="reserved concurrency", service="lambda", needs=(_NEEDS_FUNCTION,),
        parent=Call("delete_function", _WORKER),
        create=Call("put_function_concurrency", {**_WORKER, "ReservedConcurrentExecutions": 5}),
        read=Call("get_function_concurrency", _WORKER), missing="",
        update=Call("put_function_concurrency", {**_WORKER, "ReservedConcurrentExecutions": 7}),
        changed={"ReservedConcurrentExecutions": 7},
        delete=Call("delete_function_concurrency", _WORKER),
    ),
)  # fmt: skip

_ALARMS: Final = (
    Life(
        name="metric alarm", service="cloudwatch", tagged=arn("cloudwatch", "alarm:deep"),
        create=Call("put_metric_alarm", _ALARM),
        read=Call("describe_alarms"), shows=("MetricAlarms", 0), missing="",
        update=Call("put_metric_alarm", {**_ALARM, "Threshold": 7, "Tags": []}),
        changed={"Threshold": 7},
        lists=Call("describe_alarms"), listed="MetricAlarms",
        delete=Call("delete_alarms", {"AlarmNames": ["deep"]}), gone="ResourceNotFound",
    ),
    Life(
        name="composite alarm", service="cloudwatch", tagged=arn("cloudwatch", "alarm:any"),
        create=Call("put_composite_alarm", _COMPOSITE),
        read=Call("describe_alarms", _COMPOSITES), shows=("CompositeAlarms", 0), missing="",
        update=Call("put_composite_alarm", {**_COMPOSITE, "AlarmDescription": "None"}),
        changed={"AlarmDescription": "None"},
        lists=Call("describe_alarms", _COMPOSITES), listed="CompositeAlarms",
        delete=Call("delete_alarms", {"AlarmNames": ["any"]}), gone="ResourceNotFound",
    ),
)  # fmt: skip

LIVES: Final = (*_SNS, *_EVENTS, *_MOVERS, *_LAMBDA, *_ALARMS)
