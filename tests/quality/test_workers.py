"""What a run itself promises, with and without workers: a promised part is not skipped."""

import os
import subprocess
import sys

import pytest

from tests.quality.sources import ROOT

NEEDS_REDIS = "tests/live/test_feed.py"


def run(workers: int, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run tests that need Redis where there is none."""
    here = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"-n{workers}", NEEDS_REDIS],
        cwd=ROOT,
        env={**here, "REDIS_URL": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("workers", [0, 1])
def test_what_is_missing_is_skipped_and_told(workers: int) -> None:
    done = run(workers, SIGNALBOX_REQUIRE="")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 skipped" in done.stdout
    assert "needs redis: REDIS_URL is not set" in done.stdout


@pytest.mark.parametrize("workers", [0, 1])
def test_what_is_promised_and_missing_fails_the_run(workers: int) -> None:
    done = run(workers, SIGNALBOX_REQUIRE="redis")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 errors" in done.stdout
    assert "Skipped although SIGNALBOX_REQUIRE promises every part" in done.stdout
