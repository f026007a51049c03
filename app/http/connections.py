"""The server's end of a connection: what an event stream needs of it beyond ASGI.

ASGI takes a response's bytes by awaiting a call a piece. For a thousand watchers of one event that is a thousand
coroutines to wake. A stream may write its bytes to the connection itself, in a plain loop, where the server lends it:
`Connection` is uvicorn's own HTTP/1.1 connection, which does so as an ASGI extension. Under any other server nothing is
lent, and streams go by ASGI.
"""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION: Final = "jishi.connection"


class Lent:
    """A connection that is lent to the response which it carries.

    transport: for bytes of a chunked body, once the response's head was sent through ASGI, until its end is sent so.
    at_shutdown: called when the server ends, so that a response which has no end by itself can come to it.
    """

    __slots__ = ("at_shutdown", "transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.at_shutdown: Callable[[], None] | None = None


class Connection(HttpToolsProtocol):
    """uvicorn's connection, lent to whoever answers on it. For `uvicorn.run(http=Connection)`."""

    _lent: Lent

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as the server's own
        """A client has come."""
        super().connection_made(transport)
        self._lent = Lent(transport)

    def on_message_begin(self) -> None:
        """A request begins: its scope is made."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: self._lent}  # type: ignore[dict-item]  # its types know no other value

    def shutdown(self) -> None:
        """The server ends: this answer is the connection's last one."""
        super().shutdown()
        if self._lent.at_shutdown is not None:
            self._lent.at_shutdown()


def lent_of(scope: MutableMapping[str, Any]) -> Lent | None:
    """The connection that a request came by, where the server lends it."""
    found: Lent | None = (scope.get("extensions") or {}).get(EXTENSION)
    return found
