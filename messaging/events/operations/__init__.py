"""One function per EventBridge operation, filed by noun: its name is its registration."""
