"""One matcher for all: event patterns, SNS filter policies, filters of pipes and subscribers.

    text ─parsing→ Pattern (a tree of fields, each with the clauses one of which must hold)
                      ├─ matching.matches(pattern, event)          yes or no
                      ├─ verdicts.explain(pattern, event)          the first leaf that does not hold
                      ├─ witnesses.matching(pattern)               a small event that matches
                      ├─ records.passes(patterns, record)          filters of what polls queues
                      └─ index.PatternIndex                        which of many patterns match

Pure: values in, verdicts out. A ``Dialect`` says which operators a service takes.
"""
