"""The ASGI application in front of Django: AWS requests are answered here, pages passed on."""

import asyncio
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from itertools import count
from typing import Any, Final, Protocol

from botocore.model import OperationModel

from messaging.kernel.context import Caller
from messaging.kernel.errors import AwsError, InternalFailure
from messaging.wire import agents, bodies, detect, reset
from messaging.wire.detect import Call
from messaging.wire.guard import Guard
from messaging.wire.identify import Doorkeeper, Identity, identify
from messaging.wire.protocols import PROTOCOLS
from messaging.wire.receiving import Gone, Receive, Watch, read_body, replay, request_of
from messaging.wire.request import Request, Response
from messaging.wire.sending import Send, send_response

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

logger: Final = logging.getLogger(__name__)


class Engine(Doorkeeper, Protocol):
    """What the gateway needs of the engine."""

    async def call(
        self, caller: Caller, service: str, operation: str, params: Mapping[str, Any]
    ) -> Any: ...
    async def reset_default(self) -> None: ...
    async def reset(self, sandbox: int) -> None: ...
    def allowed_hosts(self, host: str, /) -> bool: ...


class Gateway:
    """Answers AWS requests by calling ``engine``; everything else goes to ``pages``."""

    def __init__(self, engine: Engine, pages: App, *, max_body: int = bodies.MAX_BODY) -> None:
        self.engine = engine
        self.pages = pages
        self.max_body = max_body
        self.guard = Guard(engine.allowed_hosts)
        self.watch = Watch()
        head = secrets.token_hex(10)
        self._id_head = f"{head[:8]}-{head[8:12]}-{head[12:16]}-{head[16:]}-"
        self._id_tail = count(secrets.randbits(40))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        request = request_of(scope)
        try:
            if detect.claims_aws(request) or request.path == reset.PATH:
                await self._answer(request, receive, send)
            elif detect.may_be_form(request):
                await self._answer_form(request, scope, receive, send)
            else:
                await self.pages(scope, receive, send)
        except Gone:
            # Nobody is left to answer.
            return

    async def _answer_form(
        self, request: Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a form if it holds an AWS action; hand it on unread if it does not."""
        try:
            body = await read_body(receive, request, self.max_body)
        except AwsError as error:
            await self._send_error(error, request, None, send)
            return
        request.body = body
        again = replay(body, receive)
        if detect.detect(request) is None:
            await self.pages(scope, again, send)
        else:
            await self._answer(request, again, send)

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        request_id = self._new_request_id()
        call: Call | None = None
        try:
            self.guard.check(request)
            raw = request.body = await read_body(receive, request, self.max_body)
            if request.path == reset.PATH:
                response = await reset.answer(request, self.engine)
            else:
                call = self._detect(request)
                response = await self._respond(call, request, raw, request_id, receive)
        except AwsError as error:
            await self._send_error(error, request, call, send, request_id)
        except (Gone, asyncio.CancelledError):
            raise
        except Exception as error:
            _log(error, call)
            await self._send_error(InternalFailure(), request, call, send, request_id)
        else:
            await self._send(response, request, receive, send)

    def _detect(self, request: Request) -> Call:
        if request.headers.get("content-encoding") == "gzip" and not detect.is_for_s3(request):
            request.body = bodies.decompress(request.body, limit=self.max_body)
        call = detect.detect(request)
        if call is None:
            raise LookupError("a request that claims to be for AWS must be detected")
        return call

    async def _respond(
        self, call: Call, request: Request, raw: bytes, request_id: str, receive: Receive
    ) -> Response:
        if call.problem is not None or call.operation is None:
            raise call.problem or InternalFailure()
        identity = identify(request, raw, self.engine, service=call.service)
        if bodies.is_chunked(request.headers):
            request.body = bodies.unchunk(raw, request.headers, identity.chain)
        protocol = PROTOCOLS[call.protocol]
        operation: OperationModel = call.operation
        params = protocol.parse(request, operation)
        caller = _caller(identity, request, request_id)
        work = self.engine.call(caller, call.service, operation.name, params)
        result = await self.watch.over(work, receive)
        return protocol.serialise(result or {}, operation, request_id)

    async def _send(
        self, response: Response, request: Request, receive: Receive, send: Send
    ) -> None:
        sending = send_response(response, request.method, send)
        if isinstance(response.body, bytes):
            await sending
            return
        try:
            await self.watch.over(sending, receive)
        except Gone:
            raise
        except Exception as error:
            # The status is out; a stream that ends without its last chunk is what says "broken".
            _log(error, None)

    async def _send_error(
        self,
        error: AwsError,
        request: Request,
        call: Call | None,
        send: Send,
        request_id: str = "",
    ) -> None:
        call = call or detect.detect(request) or Call("", "json")
        protocol = PROTOCOLS[call.protocol]
        response = protocol.serialise_error(
            error, call.operation, call.service, request_id or self._new_request_id()
        )
        await send_response(response, request.method, send)

    def _new_request_id(self) -> str:
        """Return an id in the form of AWS's: a random head and a counter."""
        return f"{self._id_head}{next(self._id_tail) & 0xFFFFFFFFFFFF:012x}"


def _caller(identity: Identity, request: Request, request_id: str) -> Caller:
    text = request.headers.get("user-agent", "")
    agent = agents.agent(text)
    key = identity.key
    return Caller(
        sandbox=key.sandbox,
        account=key.account,
        region=identity.region,
        principal=key.principal,
        actor=agent.actor,
        host=request.url,
        request_id=request_id,
        agent=text,
        label=agent.label,
        knows_region=identity.knows_region,
    )


def _log(error: Exception, call: Call | None) -> None:
    """Log where it broke, but no message: messages may quote what the caller sent."""
    what = f"{call.service}:{call.operation.name}" if call and call.operation else "a request"
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s failed with %s\n%s", what, type(error).__name__, place)
