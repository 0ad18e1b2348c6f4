"""The performance page and ``manage.py bench ui`` in a tiny size: that they measure, no limits."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.server import ROOT, RunningServer

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]


def test_the_page_feeds_the_real_map_and_tells_what_it_measures(
    page: Page, site: RunningServer
) -> None:
    page.goto(f"{site.url}/bench/?nodes=12&edges=14&particles=40")
    page.wait_for_selector("#scene .node >> nth=11", state="attached")
    assert page.locator("#scene .edges > .line").count() == 14
    figures = page.locator("#figures dd")
    page.wait_for_selector("#figures dd:nth-of-type(1):not(:text('–'))")
    assert float(figures.nth(0).inner_text()) > 0
    assert figures.nth(4).inner_text() == "12 · 14"
    assert page.locator("nav [aria-current=true]").count() == 0
    page.get_by_role("link", name="60 nodes, 100 edges, 500 glyphs").click()
    expect(page.locator("nav [aria-current=true]")).to_have_count(1)


def test_an_hour_can_be_hurried_through_and_the_log_is_bounded(
    page: Page, site: RunningServer
) -> None:
    page.goto(f"{site.url}/bench/?nodes=12&edges=14&particles=100&driven=1")
    page.evaluate("async () => { await window.bench.ready; }")
    told = page.evaluate("() => window.bench.hurry(15000)")
    # Five moves in each of them.
    assert told["events"] >= 15_000 * 5
    kept = page.evaluate("() => window.bench.session.log.frames.length")
    assert 0 < kept <= 12_200
    assert page.evaluate("() => window.bench.session.stage.particles.count") < 400


def test_the_command_measures_in_a_tiny_size(chromium: str, tmp_path: Path) -> None:
    told = measured(
        tmp_path, "--chromium", chromium, "--seconds", "0.5", "--size", "12,14,40",
        "--events", "600", "--messages", "3000", "--live-seconds", "2", "--flood", "500",
        "--loads", "1", "--starts", "1",
    )  # fmt: skip
    rows = told["results"]
    parts = {"ui-load", "ui-frames", "ui-work", "ui-seek", "ui-soak"}
    assert {row["scenario"] for row in rows} == parts
    assert [row["first_error"] for row in rows if row["errors"]] == []
    assert all(row["value"] > 0 for row in rows)
    assert "headless" in told["browser"]
    hurried = next(row for row in rows if "put forward in time" in row["label"])
    assert len(hurried["details"]["heap_mb"]) == 12
    server = rows[-1]
    assert server["details"]["events_kept"] <= server["details"]["events"]
    first, anywhere = (row for row in rows if row["scenario"] == "ui-seek")
    # One after the start, and some all over a log that is at least as long.
    assert first["count"] == 1
    assert 7 <= anywhere["count"] <= 100
    assert first["label"].endswith("first after the server's start")
    assert 0 < anywhere["p50_ms"] <= anywhere["p95_ms"] <= anywhere["details"]["worst_ms"] + 1
    frames = next(row for row in rows if row["scenario"] == "ui-frames")
    assert frames["label"].startswith("12 nodes, 14 edges")
    assert 0 < frames["p50_ms"] <= frames["p95_ms"]


def test_without_a_browser_the_command_says_so(tmp_path: Path) -> None:
    done = run(tmp_path, "--parts", "load", "--chromium", "/no/such/browser")
    assert done.returncode != 0
    assert "The browser did not start" in done.stderr
    assert "Traceback" not in done.stderr


def measured(folder: Path, *options: str) -> dict[str, Any]:
    file = folder / "result.json"
    done = run(folder, "--json", str(file), *options)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = orjson.loads(file.read_bytes())
    for row in told["results"]:
        assert row["label"] in done.stdout
    return told


def run(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "bench", "ui", *options],
        cwd=ROOT,
        env={**os.environ, "SIGNALBOX_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
