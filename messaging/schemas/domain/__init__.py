"""Pure rules: what a schema may be, what events tell of one, and code that is made from one."""
