"""Schedule expressions of rules and of EventBridge Scheduler: at, rate and cron. Pure."""
