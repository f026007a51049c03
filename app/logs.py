"""Structured logs: one JSON object a line, with the request's id. Never a secret, a body or a personal number."""

import logging
import sys
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict, WrappedLogger

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""Which request the running code serves; every line says it."""


def _name_request(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    if request_id := REQUEST_ID.get():
        line.setdefault("request_id", request_id)
    return line


def configure_logs(level: str) -> None:
    """Send our own lines and the libraries' warnings to standard error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            _name_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
