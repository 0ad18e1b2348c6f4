"""SQS's rules as plain functions: no Django, no botocore, no clock, no randomness.

Times come in as integer milliseconds (``now_ms``) or seconds (``timeout_s``), dice as numbers in
[0, 1). Names in brackets in docstrings (S5, M1, …) are the ids of the rules that tests name.
"""
