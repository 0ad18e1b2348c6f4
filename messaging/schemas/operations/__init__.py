"""One function per operation of EventBridge Schemas, filed by noun."""
