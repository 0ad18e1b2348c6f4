"""The past of a sandbox: its state at any kept event, and markers over the whole log."""
