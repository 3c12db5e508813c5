"""What of the plant somebody may see is worked out once for all who may see the same."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from zeroplant.portal import views as module
from zeroplant.portal.access import Grant, Person, Role
from zeroplant.portal.views import Views, event_of

SEEN = module.seen_by


def viewer(number: int, place: str) -> Person:
    """Somebody who may look at a place."""
    grants = (Grant(Role.VIEWER, place),)
    return Person(number, f"n{number}", must_change=False, disabled=False, grants=grants)


def image(value: float) -> dict[str, Any]:
    """A plant of two assets."""
    points = {name: {"value": value} for name in ("wind.output", "battery.charge")}
    return {"points": points, "alarms": [], "orders": [], "links": {}, "exchange": value}


def test_fifty_viewers_of_one_place_cost_as_much_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not the event loop's time; each image anew, each place for itself."""
    worked: list[tuple[str, int]] = []

    def counted(person: Person, image: dict[str, Any]) -> dict[str, Any]:
        worked.append((person.grants[0].place, threading.get_ident()))
        return SEEN(person, image)

    monkeypatch.setattr(module, "seen_by", counted)
    views, people = Views(), [viewer(n, "wind" if n % 5 else "battery") for n in range(50)]

    async def follow(seen: dict[str, Any]) -> list[bytes]:
        return await asyncio.gather(*(views.event(person, seen) for person in people))

    for value in (5.0, 7.0):
        now = image(value)
        told = asyncio.run(follow(now))
        assert told == [event_of(SEEN(person, now)) for person in people]
        assert asyncio.run(follow(now)) == told
        assert len({id(each) for each in told}) == 2
        assert views.of(people[1], now)["points"] == {"wind.output": {"value": value}}
    assert sorted(place for place, _ in worked) == ["battery", "battery", "wind", "wind"]
    assert threading.get_ident() not in {thread for _, thread in worked}
    assert all(b'exchange": null' in each and json.loads(each[6:]) for each in told)


def test_who_may_see_all_is_given_the_image_itself() -> None:
    whole = image(5.0)
    assert Views().of(viewer(1, ""), whole) is whole
