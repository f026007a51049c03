"""Demands and answers over HTTP."""

from fastapi import APIRouter

from app.demands.routes import answers, demands

router = APIRouter()
router.include_router(demands.router)
router.include_router(answers.router)
