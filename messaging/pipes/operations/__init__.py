"""One function per operation of EventBridge Pipes, filed by noun."""
