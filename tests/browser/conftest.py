"""One server with the demo for each module of tests in a browser, and a page that looks at it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.sight import Sight
from tests.fixtures.browser import SEEN_HINTS
from tests.fixtures.server import RunningServer, drop_database, server
from tests.live.clients.connect import client

DEMO = "order-pipeline"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return the server; it may log no traceback while it is looked at."""
    folder = tmp_path_factory.mktemp("site")
    with server(folder, "--server", "daphne") as running:
        yield running
    drop_database(folder)
    assert "Traceback" not in running.output, running.output


@pytest.fixture
def sight(page: Page, site: RunningServer) -> Sight:
    return Sight(page, site.url)


@pytest.fixture
def sqs(site: RunningServer) -> Iterator[Any]:
    """Return boto3 with the demo's key, as printed."""
    printed = site.aws
    with client(
        site.url,
        key=printed["AWS_ACCESS_KEY_ID"],
        secret=printed["AWS_SECRET_ACCESS_KEY"],
        region=printed["AWS_DEFAULT_REGION"],
    ) as made:
        yield made


@pytest.fixture
def playground(site: RunningServer) -> Iterator[Any]:
    """Return boto3 with ``test``/``test``."""
    with client(site.url) as made:
        yield made


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser context with settings of its own."""
    with ExitStack() as opened:

        def open_context(**settings: Any) -> BrowserContext:
            made = browser.new_context(locale="en-GB", timezone_id="UTC", **settings)
            opened.callback(made.close)
            made.add_init_script(SEEN_HINTS)
            return made

        yield open_context
