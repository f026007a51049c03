"""Identity over HTTP: parties, sessions, people and keys."""

from fastapi import APIRouter

from app.identity.routes import credit, keys, members, parties, sessions

ROUTERS: tuple[APIRouter, ...] = (parties.router, sessions.router, members.router, keys.router, credit.router)
