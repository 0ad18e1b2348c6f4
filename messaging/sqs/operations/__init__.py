"""One function per SQS operation, filed by noun: its name is its registration."""
