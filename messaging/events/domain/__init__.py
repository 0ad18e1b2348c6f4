"""EventBridge's rules as plain functions: no Django, no botocore, no clock, no randomness.

Times come in as integer milliseconds. Names in brackets in docstrings (P1, P4, …) are the ids of
the rules that tests name.
"""
