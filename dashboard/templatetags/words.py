"""Words with a card: ``{% word name %}`` marks a text that the glossary knows, and no other."""

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard.wording import words_url

register = template.Library()
register.simple_tag(words_url)

# AWS's names for what the glossary explains under another one.
SLUGS: Final = {
    "ApproximateFirstReceiveTimestamp": "receive",
    "ApproximateNumberOfMessages": "visible",
    "ApproximateNumberOfMessagesDelayed": "delayed",
    "ApproximateNumberOfMessagesNotVisible": "in-flight",
    "ApproximateReceiveCount": "receive-count",
    "ContentBasedDeduplication": "content-based-deduplication",
    "DeadLetterQueueSourceArn": "dead-letter-queue",
    "DeduplicationScope": "deduplication-scope",
    "DelaySeconds": "delay-queue",
    "FifoQueue": "fifo-queue",
    "FifoThroughputLimit": "high-throughput-fifo",
    "MessageDeduplicationId": "deduplication",
    "MessageGroupId": "message-group",
    "MessageRetentionPeriod": "retention",
    "Policy": "queue-policy",
    "ReceiveMessageWaitTimeSeconds": "long-poll",
    "RedriveAllowPolicy": "redrive-allow-policy",
    "RedrivePolicy": "redrive-policy",
    "SequenceNumber": "sequence-number",
    "VisibilityTimeout": "visibility-timeout",
}


@register.simple_tag
def word(name: str) -> SafeString:
    """Return a name, with its card where there is one."""
    slug = SLUGS.get(name)
    if slug is None:
        return format_html("{}", name)
    return format_html('<dfn data-term="{}" tabindex="0">{}</dfn>', slug, name)
