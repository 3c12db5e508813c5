"""The page that says how far the plant can be trusted: points and links."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from zeroplant.portal.access import Right
from zeroplant.portal.checkup import sifted
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.pages import page
from zeroplant.portal.present import present
from zeroplant.portal.wording import LINKS, worded

pages = APIRouter(include_in_schema=False)
SEE = needs(Right.SEE, within=True)
COUNTERS = (
    "reads", "failures", "connections", "writes", "held", "deferred", "refused", "fallbacks",
)  # fmt: skip
"""What a link counts, in the order of the table."""


class Sieve(BaseModel):
    """Which points are shown, and in which order."""

    text: str = Field("", max_length=100)
    quality: Literal["", "weak", "0", "1", "2", "3", "4"] = ""
    order: Literal["worst", "oldest", "name"] = "worst"
    leaf: int = Field(1, ge=1, le=10_000)


@pages.get("/health")
def health_page(
    request: Request, visitor: Annotated[Visitor, SEE], sieve: Annotated[Sieve, Query()]
) -> Response:
    """Every point with its age, quality and source; every link with its state and counters."""
    service, now, person = service_of(request), present(request, visitor), visitor.person
    points = (point for asset in service.catalogue.seen_by(person) for point in asset.points)
    counted = [name for name in COUNTERS if any(name in link for link in now.links.values())]
    links = sorted(now.links.items(), key=lambda link: (bool(link[1].get("connected")), link[0]))
    said = sieve.model_dump(exclude={"leaf"})
    return page(
        request, "health.html.j2", visitor=visitor, now=now, sieve=sieve, links=links,
        sifted=sifted(points, now, **sieve.model_dump()), counted=counted,
        leaf=lambda number: f"/health?{urlencode(said | {'leaf': number})}#points",
        address=f"/health?{urlencode(sieve.model_dump())}", whole=person.may(Right.SEE),
        link_told=partial(worded, LINKS),
    )  # fmt: skip
