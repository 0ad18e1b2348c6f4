"""A small model of a queue with a dead-letter queue: what must be where, and what may be received.

It knows no tables, indexes or events; the real queues are compared with it after every step.
"""

from dataclasses import dataclass, field


@dataclass
class Known:
    """A message as the model sees it; times in milliseconds."""

    body: str
    group: str
    kept_since: int
    visible_at: int
    home: str = "work"
    receives: int = 0
    delayed: bool = False
    handles: list[str] = field(default_factory=list)

    def state(self, now: int) -> str:
        if self.visible_at <= now:
            return "v"
        return "d" if self.delayed else "f"


@dataclass
class Reference:
    """The queue ``work`` and its dead-letter queue ``dead``, in the order of their messages."""

    fifo: bool
    max_receives: int
    retention_ms: int
    now: int
    messages: dict[str, Known] = field(default_factory=dict)

    def at(self, home: str) -> list[Known]:
        return [message for message in self.messages.values() if message.home == home]

    def send(self, body: str, group: str, delay_s: int = 0) -> None:
        visible_at = self.now + delay_s * 1000
        message = Known(body, group, self.now, visible_at, delayed=delay_s > 0)
        self.messages[body] = message

    def advance(self, milliseconds: int) -> None:
        self.now += milliseconds
        for body, message in list(self.messages.items()):
            if self.now >= message.kept_since + self.retention_ms:
                del self.messages[body]

    def deliverable(self, home: str) -> dict[str, list[Known]]:
        """Return what may be received now, by group; a standard queue is one group."""
        held = self.at(home)
        if not self.fifo:
            return {"": [message for message in held if message.state(self.now) == "v"]}
        found = {}
        for group in {message.group for message in held}:
            members = [message for message in held if message.group == group]
            visible = [message for message in members if message.state(self.now) == "v"]
            if any(message.state(self.now) == "f" for message in members):
                visible = [message for message in visible if message.receives]
            found[group] = visible
        return found

    def is_exhausted(self, message: Known) -> bool:
        return message.home == "work" and message.receives >= self.max_receives

    def receive(self, body: str, handle: str, timeout_s: int) -> None:
        message = self.messages[body]
        message.receives += 1
        message.visible_at = self.now + timeout_s * 1000
        message.delayed = False
        message.handles.append(handle)

    def die(self, body: str) -> None:
        """Move a message to the dead-letter queue, behind what lies there."""
        message = self.messages.pop(body)
        message.home, message.receives, message.visible_at = "dead", 0, self.now
        message.delayed = False
        if self.fifo:
            message.kept_since = self.now
        self.messages[body] = message

    def is_current(self, body: str, handle: str) -> bool:
        """Tell whether a handle is that of the message's latest receive."""
        message = self.messages.get(body)
        return message is not None and message.receives > 0 and message.handles[-1] == handle

    def has_expired(self, body: str, handle: str) -> bool:
        """Tell whether a FIFO queue says that a handle has expired."""
        if not self.fifo or body not in self.messages:
            return False
        return not self.is_current(body, handle) or self.messages[body].visible_at < self.now
