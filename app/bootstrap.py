"""The one file that knows everyone: who serves which paths, who reacts to what, what runs by itself."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.clock import Clock
from app.delivery import routes as delivery
from app.events.dispatch import Handler
from app.events.model import Event
from app.http import health
from app.jobs.port import JobFunction
from app.sandbox import routes as sandbox

Sweep = Callable[[AsyncSession, Clock], Awaitable[bool]]

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    health.timed,
    sandbox.router,
    delivery.router,
)

EVENTS: tuple[type[Event], ...] = ()
EVENT_CATALOGUE: Mapping[str, type[Event]] = {event.kind: event for event in EVENTS}

EVENT_HANDLERS: tuple[Handler, ...] = ()

JOBS: Mapping[str, JobFunction] = {}

# What is due by market time. Each takes one due row, if there is one, and acts on it.
SWEEPS: Mapping[str, Sweep] = {}
