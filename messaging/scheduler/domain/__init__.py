"""The rules of EventBridge Scheduler. Pure."""
