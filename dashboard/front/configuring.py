"""What uvicorn is told, the same in both processes."""

import asyncio
import logging
from typing import Any, Final

from uvicorn.config import Config

from dashboard.management.joined_writes import JoiningProtocol

GRACE_SECONDS: Final = 1


def configuration(application: Any, **more: Any) -> Config:
    """Return the configuration for one application."""
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    return Config(
        application,
        access_log=False,
        http=JoiningProtocol,
        lifespan="off",
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **more,
    )


def _is_news(record: logging.LogRecord) -> bool:
    """Leave out that requests were cut off: that is what stopping means."""
    is_cut_off = record.exc_info is not None and record.exc_info[0] is asyncio.CancelledError
    return not is_cut_off and "timeout graceful shutdown exceeded" not in record.getMessage()
