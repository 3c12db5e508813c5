"""The way through the control room: its pages in one list, as far as a visitor may see them."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from zeroplant.portal.access import Person
from zeroplant.portal.gate import Needs

PAGES = {
    "/": "overview",
    "/plant": "plant",
    "/schedule": "schedule",
    "/forecasts": "forecasts",
    "/fleet": "fleet",
    "/grid": "grid",
    "/plan": "plan",
    "/alarms": "alarms",
    "/journal": "journal",
    "/health": "health",
    "/reports": "reports",
    "/people": "people",
}
"""Every page by its address, with the phrase it is called by, in the order they are shown."""


@dataclass(frozen=True)
class Way:
    """One entry of the navigation; ``here`` where the visitor is on that page or below it."""

    path: str
    word: str
    here: bool


class Navigation:
    """The pages of an application. What a page's own route asks of a visitor decides."""

    def __init__(self, app: FastAPI) -> None:
        self._gates: dict[str, list[Needs]] = {}
        for route in iter_route_contexts(app.routes):
            if route.path in PAGES and route.dependant and "GET" in (route.methods or ()):
                guards = [each.call for each in route.dependant.dependencies]
                self._gates[route.path] = [each for each in guards if isinstance(each, Needs)]

    def shown(self, person: Person, path: str) -> list[Way]:
        """The pages there are and that somebody may see; ``path`` is where they are."""
        return [
            Way(
                page,
                word,
                path == page or (path.startswith(f"{page.rstrip('/')}/") and page != "/"),
            )
            for page, word in PAGES.items()
            if page in self._gates and all(gate.admits(person) for gate in self._gates[page])
        ]
