"""Snapshot + frames = snapshot: for every SQS operation, in Python and in the browser's code."""

import json
import subprocess
from pathlib import Path

import pytest

from dashboard.topology.painter import Painter
from messaging import registry
from messaging.kernel.models import Sandbox
from tests.fixtures.engine import Api, Time
from tests.live.scenarios import SCENES, Scene, Stage
from tests.live.twin import Canonical, Twin

FOLD = Path(__file__).resolve().parent.parent / "js" / "fold.mjs"


@pytest.fixture
def stage(sqs: Api, clock: Time) -> Stage:
    stage = Stage(sqs, clock)
    stage.prepare()
    return stage


def play(stage: Stage, sandbox: Sandbox, scene: Scene) -> tuple[list[str], Canonical]:
    """Play a scene while a painter follows; return its frames and what a fresh look says."""
    painter = Painter(sandbox.pk)
    painter.start()
    frames = [painter.snapshot("e")]
    scene(stage)
    batch = painter.advance()
    frames += [batch.text] if batch else []
    return frames, fresh_look(sandbox)


def fresh_look(sandbox: Sandbox) -> Canonical:
    painter = Painter(sandbox.pk)
    assert painter.start()
    twin = Twin()
    twin.take(painter.snapshot("e"))
    return twin.canonical()


@pytest.mark.parametrize("name", SCENES)
def test_frames_lead_to_what_a_fresh_snapshot_says(
    stage: Stage, sandbox: Sandbox, name: str
) -> None:
    frames, expected = play(stage, sandbox, SCENES[name][0])
    twin = Twin()
    for frame in frames:
        twin.take(frame)
    assert twin.canonical() == expected


@pytest.mark.parametrize("name", SCENES)
def test_it_does_so_in_many_small_batches(stage: Stage, sandbox: Sandbox, name: str) -> None:
    painter = Painter(sandbox.pk)
    painter.start()
    twin = Twin()
    twin.take(painter.snapshot("e"))

    def follow(*_: object) -> None:
        batch = painter.advance()
        if batch is not None:
            twin.take(batch.text)

    stage.sqs.executor.listeners.append(follow)
    SCENES[name][0](stage)
    assert twin.canonical() == fresh_look(sandbox)


def test_every_operation_of_sqs_has_a_scene() -> None:
    played = {operation for _, operations in SCENES.values() for operation in operations}
    assert played == set(registry.SERVICES["sqs"].operations)


@pytest.mark.needs("node")
@pytest.mark.parametrize("name", SCENES)
def test_the_browser_folds_the_same(stage: Stage, sandbox: Sandbox, name: str) -> None:
    frames, expected = play(stage, sandbox, SCENES[name][0])
    snapshot, *batches = map(json.loads, frames)
    told = json.dumps({"snapshot": snapshot, "frames": batches})
    done = subprocess.run(
        ["node", str(FOLD)], input=told, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == expected
