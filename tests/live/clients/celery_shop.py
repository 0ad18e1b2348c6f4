"""A Celery application as people have it: broker ``sqs://``, the rest from the environment.

Run as a program, it sends tasks and prints what their worker returned.
"""

import os
import sys

from celery import Celery

app = Celery(
    "tests.live.clients.celery_shop", broker="sqs://", backend=f"file://{os.environ['RESULTS']}"
)
app.conf.update(
    broker_transport_options={"visibility_timeout": 60, "wait_time_seconds": 2},
    broker_connection_retry_on_startup=True,
    task_default_queue="celery-shop",
)


@app.task
def add(left: int, right: int) -> int:
    """Add two numbers."""
    return left + right


@app.task(bind=True, max_retries=1, default_retry_delay=0)
def stumble(self, word: str) -> str:  # type: ignore[no-untyped-def]
    """Fail the first time, so that the task is sent again."""
    if not self.request.retries:
        raise self.retry()
    return word[::-1]


if __name__ == "__main__":
    sent = [add.delay(number, number) for number in range(5)] + [stumble.delay("żółw")]
    sys.stdout.write(repr([result.get(timeout=40, interval=0.05) for result in sent]))
