"""One request, one transaction, committed before the answer leaves.

A route of class `TransactionalRoute` opens the transaction around its own handler, which returns the finished
response: the commit comes after the response is built and before any byte of it is sent, and a failed commit is an
error like any other. The idempotency key, when the route takes one, is claimed and answered in the same transaction.
"""

from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from functools import wraps
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.db.session import Database
from app.http.problems import problem
from app.kit.errors import Refusal

# What is put right and sent again under the same key: the credential, the version seen, the form, the moment.
NOT_KEPT = (401, 412, 422, 429, 503)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Endpoint = Callable[..., Awaitable[Any]]


class Replay(Exception):
    """A kept answer stands for this request; carries it out of the dependencies."""

    def __init__(self, response: Response) -> None:
        self.response = response


def database(request: Request) -> Database:
    """The process's database."""
    found: Database = request.app.state.database
    return found


_running: ContextVar[Request] = ContextVar("running")


class TransactionalRoute(APIRoute):
    """A route whose handler runs inside one transaction."""

    def __init__(self, path: str, endpoint: Endpoint, **named: Any) -> None:
        super().__init__(path, _claiming(endpoint), **named)

    def get_route_handler(self) -> Handler:
        """Wrap the handler that FastAPI builds."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            request.state.claim, request.state.claiming, request.state.committing = None, None, False
            _running.set(request)
            async with database(request).session() as session:
                request.state.session = session
                async with session.begin():
                    response = await _answer(handler, request)
                    request.state.committing = True
            request.app.state.hub.announce_session(session)
            return response

        return handle


def _claiming(endpoint: Endpoint) -> Endpoint:
    """The endpoint, which claims the key first. By then every dependency has agreed: a kept answer is only for whoever
    may still ask for it, and what he lacked (a permission, an `If-Match`) is never kept as the key's answer.
    """

    @wraps(endpoint)
    async def call(**values: Any) -> Any:
        state = _running.get().state
        claiming, state.claiming = state.claiming, None
        if claiming is not None:
            await claiming()
        return await endpoint(**values)

    return call


class QueuedRoute(APIRoute):
    """A route whose effect another transaction carries: its own serves the dependencies, and is over before the
    endpoint waits in a queue. The key's claim is left to whoever takes the work from the queue.
    """

    def __init__(self, path: str, endpoint: Endpoint, **named: Any) -> None:
        super().__init__(path, _finishing(endpoint), **named)

    def get_route_handler(self) -> Handler:
        """Wrap the handler that FastAPI builds."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            _running.set(request)
            async with database(request).session() as session:
                request.state.session = session
                return await handler(request)

        return handle


def _finishing(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def call(**values: Any) -> Any:
        session: AsyncSession = _running.get().state.session
        await session.commit()
        await session.close()
        return await endpoint(**values)

    return call


async def _answer(handler: Handler, request: Request) -> Response:
    """The handler's answer; a refusal of a claimed key is an answer too, kept with the key."""
    try:
        response = await handler(request)
    except Replay as replay:
        return replay.response
    except Refusal as refusal:
        claim = request.state.claim
        if claim is None or refusal.status in NOT_KEPT:
            raise
        response = problem(request, refusal)
        await claim.keep_refusal(response)
        return response
    if request.state.claim is not None:
        await request.state.claim.keep(response)
    return response


def _session(request: Request) -> AsyncSession:
    session: AsyncSession = request.state.session
    return session


def _clock() -> Clock:
    return Clock()


Session = Annotated[AsyncSession, Depends(_session)]
"""The transaction of this request."""

ClockDep = Annotated[Clock, Depends(_clock)]
"""Market time."""
