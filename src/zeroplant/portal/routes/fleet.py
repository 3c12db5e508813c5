"""Homes, chargers, swap stations and ships on one page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from zeroplant.portal.access import Right
from zeroplant.portal.fleet import cards, stations_of
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.limits import chosen_sizes
from zeroplant.portal.newest import newest
from zeroplant.portal.pages import page
from zeroplant.portal.present import present
from zeroplant.portal.tree import standings

pages = APIRouter(include_in_schema=False)
SEE = needs(Right.SEE, within=True)


@pages.get("/fleet")
def fleet_page(request: Request, visitor: Annotated[Visitor, SEE]) -> Response:
    """Every fleet a visitor may see, and the stations that call in from outside."""
    service, now, person = service_of(request), present(request, visitor), visitor.person
    stations = {
        name: station
        for name, station in stations_of(newest(service.folder.callers)).items()
        if person.may(Right.SEE, name)
    }
    standing = standings(service.catalogue.seen_by(person), service.scene, now)
    sizes = chosen_sizes(service.folder.path)
    shown = list(cards(service.plant, standing, sizes, now, stations))
    known = {card.standing.asset.name for card in shown}
    others = [station for name, station in stations.items() if name not in known]
    return page(request, "fleet.html.j2", visitor=visitor, now=now, cards=shown, others=others)
