"""Demands and answers over HTTP."""

from fastapi import APIRouter

from app.demands.routes import answers, demands

ROUTERS: tuple[APIRouter, ...] = (demands.router, answers.router)
