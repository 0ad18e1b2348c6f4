"""Below some two hundred moving messages each glyph is one, with its receive count."""

from typing import Any

import pytest

from tests.browser.conftest import DEMO
from tests.browser.sight import Sight

pytestmark = pytest.mark.needs("chromium")

# What takes off: the class of each glyph, the receive count that it carries, how long its ring is.
WATCH = """() => {
  const {particles} = window.signalbox.session.stage;
  window.carried = [];
  window.written = [];
  const spawn = particles.spawn.bind(particles);
  particles.spawn = (frame, ...rest) => {
    const before = particles.count;
    spawn(frame, ...rest);
    for (let at = before; at < particles.count; at += 1) {
      const whole = particles.until[at] ? particles.until[at] - particles.since[at] : 0;
      window.carried.push(["vfxeu"[particles.kind[at]], particles.receives[at], whole]);
    }
  };
  const canvas = document.getElementById("particles").getContext("2d");
  const fillText = canvas.fillText.bind(canvas);
  canvas.fillText = (text, ...at) => { window.written.push(text); fillText(text, ...at); };
}"""


def wait_for_line(sight: Sight, label: str) -> None:
    """Wait until the line along which a queue's messages go to the client has its place."""
    sight.until(
        "(label) => { const {session} = window.signalbox; const {shown} = session;"
        " return !session.placing && session.placedShape === shown.shape"
        " && [...shown.edges.values()].some((edge) => edge.kind === 'receive'"
        " && shown.nodes.get(edge.s).label === label); }",
        label,
    )


def test_a_moving_message_carries_its_receive_count(sight: Sight, sqs: Any) -> None:
    sight.open(DEMO)
    sight.page.keyboard.press(".")
    sight.until("() => document.getElementById('world-toggle').dataset.state === 'paused'")
    dead = sqs.create_queue(QueueName="carried-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    policy = f'{{"deadLetterTargetArn": "{arn["QueueArn"]}", "maxReceiveCount": 2}}'
    url = sqs.create_queue(QueueName="carried", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="again and again")
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
    wait_for_line(sight, "carried")
    sight.page.keyboard.press("0")
    sight.page.evaluate(WATCH)
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)
    sight.until("() => window.carried.some((each) => each.join() === 'f,2,0')")
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=20)
    # The third receive is one too many: the message moves on, and says how often it was tried.
    sight.until("() => window.carried.some(([kind, receives]) => kind === 'x' && receives === 2)")
    sqs.receive_message(QueueUrl=dead, VisibilityTimeout=0)
    wait_for_line(sight, "carried-dead")
    sqs.receive_message(QueueUrl=dead, VisibilityTimeout=20)
    sight.until("() => window.carried.some((each) => each.join() === 'f,2,20000')")
    sight.until("() => window.written.includes('2')")
