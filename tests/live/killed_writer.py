"""A program to be killed: mixed load on an executor; every acknowledged answer goes to stdout."""

import asyncio
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from messaging.executor import Executor  # noqa: E402
from messaging.kernel.context import Caller  # noqa: E402
from messaging.simulation.engine import advance  # noqa: E402

WORKERS = 8


async def work(executor: Executor, caller: Caller, url: str, name: str) -> None:
    """Send three, receive and delete up to two, forever; say what was acknowledged."""
    number = 0
    while True:
        entries = []
        for _ in range(3):
            number += 1
            entries.append({"Id": str(number), "MessageBody": f"{name}-{number}"})
        await executor.call(
            caller, "sqs", "SendMessageBatch", {"QueueUrl": url, "Entries": entries}
        )
        say("sent", *(entry["MessageBody"] for entry in entries))
        got = await executor.call(
            caller, "sqs", "ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": 2}
        )
        for message in got.get("Messages", []):
            say("deleting", message["Body"])
            params = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
            await executor.call(caller, "sqs", "DeleteMessage", params)
            say("deleted", message["Body"])


def say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


async def main(sandbox: int, account: str, url: str, name: str = "") -> None:
    executor = Executor()
    executor.advance = advance
    executor.start()
    caller = Caller(sandbox, account, "eu-central-1", f"arn:aws:iam::{account}:root", "client:kill")
    tasks: list[Any] = [work(executor, caller, url, f"{name}{n}") for n in range(WORKERS)]
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
