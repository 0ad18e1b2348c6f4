"""Access keys of a sandbox, and what to paste in each language to use one."""
