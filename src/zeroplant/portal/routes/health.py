"""Whether the service lives and is ready, and its figures; for watchdogs and for Prometheus."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy import text

from zeroplant.portal.access import Right
from zeroplant.portal.gate import Visitor, needs, service_of

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """How the service is."""

    status: str = Field(description="'ok'; anything else comes with another status code")


@router.get("/healthz")
def alive() -> Health:
    """The process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"description": "the service cannot do its work now"}})
def ready(request: Request) -> Health:
    """What the service needs is there."""
    try:
        with service_of(request).engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception as error:
        raise HTTPException(503, "the table of people cannot be read") from error
    return Health(status="ok")


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request, _: Annotated[Visitor, needs(Right.SEE)]) -> PlainTextResponse:
    """Figures of the service in Prometheus's text format; asked for with a viewer's token."""
    kind = "text/plain; version=0.0.4"
    return PlainTextResponse(request.app.state.measures.text(), media_type=kind)
