"""Amazon CloudWatch: metrics as a projection of the event log, and alarms on the sandbox's clock.

README.md maps each rule to its tests.

domain/      PURE. what an event counts as, statistics, metric math, M of N, composite rules
folding.py   the log → rows of one minute each, as far as it has been read
series.py    rows → datapoints: what is silent while a queue is active is zero, or as it was
asking.py    queries of GetMetricData: metrics and metric math
evaluating.py  alarms: when they are looked at, and what they find
transitions.py an alarm changes its state: history, events, actions

Not modelled, and said so by name: dashboards, anomaly detection, metric streams, Contributor
Insights, PromQL, mute rules, actions other than SNS topics and Lambda functions.
"""
