"""Code of functions, run in a process of its own for each invocation; ``harness`` is that process.

Only on one's own machine, and only where its owner has switched it on: a process has limits and an
environment of its own, but it may do what its owner may.
"""
