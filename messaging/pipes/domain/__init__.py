"""The rules of EventBridge Pipes. Pure."""
