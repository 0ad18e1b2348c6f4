"""What one resource hands to another: the packet that is drawn on an edge."""

from typing import NamedTuple


class Packet(NamedTuple):
    """A body on its way to ``target``.

    ``body`` is what the target's ``accept`` reads: JSON with the parameters of the operation by
    which an outside program would bring it. ``principal`` is the AWS service that brings it
    (``sns.amazonaws.com``), for the target's policy; "" where nobody asks. ``via`` is the ARN of
    the topic or rule that it comes from: the node that it leaves, and ``aws:SourceArn``.

    ``origin`` is the ARN of what decides about another try, a subscription or a target of a rule:
    its service is told what became of it; "" where nobody is. ``attempts`` counts the tries
    before this one, ``first_at`` is the sandbox time of the first, and ``note`` is what the origin
    wants to know again then. ``hops`` is how many services the chain has come through, where it
    waits in the outbox; else the caller knows it.
    """

    target: str
    body: str
    cause: int | None = None
    principal: str = ""
    via: str = ""
    origin: str = ""
    attempts: int = 0
    first_at: int = 0
    note: str = ""
    hops: int = 0
