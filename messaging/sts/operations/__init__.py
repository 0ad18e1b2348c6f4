"""One function per STS operation."""
