"""The panel of an alarm: its state, why, when it goes off, whom it tells, what happened."""

from tests.dashboard.conftest import ACCOUNT, REGION, Desk

ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:deep"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:ops"


def test_an_alarm_tells_its_state_and_what_happened(desk: Desk) -> None:
    made = desk.post(
        "aws/cloudwatch/op/PutMetricAlarm/", AlarmName="deep", Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible", Statistic="Maximum", Period="60",
        EvaluationPeriods="1", Threshold="5", ComparisonOperator="GreaterThanThreshold",
        Dimensions='[{"Name": "QueueName", "Value": "orders"}]', AlarmActions=f'["{TOPIC}"]',
    )  # fmt: skip
    assert made.status_code == 200
    told = " ".join(desk.panel(ALARM).split())
    for text in ("CloudWatch alarm", "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation",
                 "orders", TOPIC, "Alarm &quot;deep&quot; created"):  # fmt: skip
        assert text in told, text
    desk.post(
        f"aws/cloudwatch/op/SetAlarmState/?arn={ALARM}",
        AlarmName="deep", StateValue="ALARM", StateReason="a drill",
    )  # fmt: skip
    told = " ".join(desk.panel(ALARM).split())
    assert "a drill" in told
    assert "Alarm updated from INSUFFICIENT_DATA to ALARM" in told
