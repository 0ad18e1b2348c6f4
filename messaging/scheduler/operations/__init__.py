"""One function per operation of EventBridge Scheduler, filed by noun."""
