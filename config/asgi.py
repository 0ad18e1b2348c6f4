"""One port: AWS requests go to the gateway, files and pages to Django, websockets to the stream."""

import asyncio
import gc
import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()

# These read the settings and the tables, which are ready only now.
from dashboard.assets import Assets  # noqa: E402
from dashboard.bounds import Bounded  # noqa: E402
from dashboard.leaving import Leaving  # noqa: E402
from dashboard.lifespan import Lifespan  # noqa: E402
from dashboard.security import SameOrigin  # noqa: E402
from dashboard.topology.routing import websocket_urlpatterns  # noqa: E402
from messaging.engine import engine  # noqa: E402
from messaging.wire.gateway import Gateway  # noqa: E402

GC_YOUNG = 20_000


async def start() -> None:
    await asyncio.to_thread(engine().start)
    # What the program itself consists of need not be looked through while it serves, and a batch's
    # rows, which are many and soon gone, need not be looked through while it runs.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_YOUNG)


async def stop() -> None:
    await asyncio.to_thread(engine().stop)


application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": Gateway(engine(), Assets(Bounded(Leaving(pages)))),
            "websocket": SameOrigin(URLRouter(websocket_urlpatterns)),
        }
    ),
    start=start,
    stop=stop,
)
