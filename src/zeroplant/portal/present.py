"""The plant as a visitor may see it now: the newest image, narrowed to what is theirs to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from fastapi import Request

from zeroplant.portal.gate import Visitor, service_of
from zeroplant.portal.moments import age, is_old, plant_now, read_moment, speed_of
from zeroplant.portal.views import Views
from zeroplant.portal.watch import Watch

LOST = 3
"""Quality of a reading that did not come; its value is the last one."""


@dataclass(frozen=True)
class Reading:
    """The latest of one point. ``value`` is None where nothing was ever heard or inferred.

    ``age`` is seconds on the plant's clock since it held, with those that clock stood still; None
    where it never did.
    """

    value: float | None = None
    unit: str = ""
    quality: int = LOST
    source: str = ""
    event: datetime | None = None
    age: float | None = None
    setpoint: float | None = None
    reason: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether it is anything but a good measurement."""
        return self.quality > 0 or self.source != "measured"


NOTHING = Reading()


@dataclass(frozen=True)
class Present:
    """An image and the moment it is looked at; without an image everything is unknown.

    ``age`` is the wall's seconds since it was written, ``now`` the moment on the plant's clock.
    """

    image: Mapping[str, Any]
    now: datetime
    age: float

    @property
    def known(self) -> bool:
        """Whether there is an image at all."""
        return bool(self.image)

    @property
    def old(self) -> bool:
        """Whether it is too old to act on."""
        return is_old(self.age)

    @property
    def stopped(self) -> bool:
        """Whether a plant in simulated time writes no more: its clock stands still with it."""
        return self.known and self.old and speed_of(self.image) != 1.0

    @property
    def at(self) -> datetime | None:
        """The moment it shows."""
        return read_moment(self.image.get("at"))

    @property
    def alarms(self) -> list[dict[str, Any]]:
        """Alarms that are raised or not yet seen."""
        found: list[dict[str, Any]] = self.image.get("alarms", [])
        return found

    @property
    def links(self) -> dict[str, dict[str, Any]]:
        """Health of each link."""
        found: dict[str, dict[str, Any]] = self.image.get("links", {})
        return found

    @cached_property
    def points(self) -> dict[str, Reading]:
        """The latest of every point; where the plant's clock stands, old by the wall's too."""
        at = self.now if self.old else self.at
        if at is not None and self.stopped:
            at += timedelta(seconds=self.age)
        return {name: _reading(said, at) for name, said in self.image.get("points", {}).items()}

    def of(self, point: str) -> Reading:
        """The latest of one point; nothing is known of one that is not there."""
        return self.points.get(point, NOTHING)


def present(request: Request, visitor: Visitor) -> Present:
    """The plant as a visitor may see it now."""
    image, now = image_of(request), service_of(request).clock.now()
    seen = views_of(request).of(visitor.person, image) if image else {}
    return Present(seen, plant_now(image, now), age(image, now))


def image_of(request: Request) -> dict[str, Any] | None:
    """The newest image, whole: what somebody is shown of it goes through `Views`."""
    watch: Watch = request.app.state.watch
    return watch.image


def views_of(request: Request) -> Views:
    """What of the newest image each may see."""
    views: Views = request.app.state.views
    return views


def now_of(request: Request) -> datetime:
    """The moment on the plant's clock; the wall's while nothing is known of the plant."""
    return plant_now(image_of(request), service_of(request).clock.now())


def _reading(said: Mapping[str, Any], now: datetime | None) -> Reading:
    event = read_moment(said.get("event"))
    if event is not None and event.year < HEARD:
        event = None
    since = (now - event).total_seconds() if now and event else None
    return Reading(
        said.get("value"), said.get("unit", ""), said.get("quality", LOST), said.get("source", ""),
        event, since, said.get("setpoint"), said.get("reason", ""),
    )  # fmt: skip


HEARD = 1971
"""A reading of an earlier year is none: its moment is the zero of the clock."""
