"""What of the plant's image somebody may see: worked out once for all who may see the same."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

from zeroplant.portal.access import Grant, Person, Right
from zeroplant.portal.access.places import place_of

Image = dict[str, Any]


class Views:
    """The newest image as people of one place see it. Safe to call from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._image: Image | None = None
        self._kept: dict[tuple[Grant, ...], tuple[Image, bytes]] = {}

    def of(self, person: Person, image: Image) -> Image:
        """An image, without what somebody may not look at."""
        return image if person.may(Right.SEE) else self._view(person, image)[0]

    async def event(self, person: Person, image: Image) -> bytes:
        """The same as a server-sent event, the same bytes each time; made beside the event loop."""
        kept = self._kept.get(person.grants) if image is self._image else None
        if kept is None:
            kept = await asyncio.to_thread(self._view, person, image)
        return kept[1]

    def _view(self, person: Person, image: Image) -> tuple[Image, bytes]:
        with self._lock:
            if image is not self._image:
                self._kept, self._image = {}, image
            if person.grants not in self._kept:
                seen = seen_by(person, image)
                self._kept[person.grants] = seen, event_of(seen)
            return self._kept[person.grants]


def event_of(image: Image) -> bytes:
    """An image as a server-sent event."""
    return b"data: " + json.dumps(image, ensure_ascii=False).encode() + b"\n\n"


def seen_by(person: Person, image: Image) -> Image:
    """An image without what somebody may not look at; the plant's totals need the whole plant."""
    if person.may(Right.SEE):
        return image
    hidden = dict.fromkeys(("target", "achievable", "exchange"))
    points = {
        name: point
        for name, point in image["points"].items()
        if person.may(Right.SEE, place_of(name))
    }
    alarms = [each for each in image["alarms"] if person.may(Right.SEE, place_of(each["key"]))]
    orders = [
        each
        for each in image.get("orders", ())
        if each["kind"] == "device" and person.may(Right.SEE, place_of(each["key"]))
    ]
    narrowed = {"points": points, "alarms": alarms, "orders": orders, "links": {}}
    return {**image, **hidden, **narrowed}
