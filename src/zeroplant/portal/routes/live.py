"""The plant as it is now: the picture of its flows, its alarms, and the stream that moves them."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from zeroplant.operate.folder import PlantFolder, submit
from zeroplant.operate.wish import Wish
from zeroplant.portal.access import Person, Right
from zeroplant.portal.gate import StrangerError, Visitor, needs, service_of, visitor_of
from zeroplant.portal.pages import page
from zeroplant.portal.scene import Scene
from zeroplant.portal.watch import Watch

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["live"])
SEE = needs(Right.SEE, somewhere=True)
OPERATE = needs(Right.OPERATE, somewhere=True)
NOTHING: dict[int | str, dict[str, Any]] = {404: {"description": "nothing is known of it yet"}}
LONGEST_SHELF = timedelta(hours=24)
MOST_VIEWERS = 400
"""Pages that may follow live; each holds a connection."""


class PointBody(BaseModel):
    """The latest of one point."""

    value: float | None = Field(description="in its unit; null where nothing is known")
    unit: str = Field(description="its unit")
    spread: float | None = Field(description="how far the value may be off, in its unit")
    source: str = Field(description="measured, or how the value was inferred")
    quality: int = Field(description="0 good, 1 uncertain, 2 bad, 3 lost")
    event: str = Field(description="when it held, UTC")
    setpoint: float | None = Field(description="what it was told to do; null if nothing")
    reason: str = Field(description="why it was told so")


class AlarmBody(BaseModel):
    """An alarm with its cause and what to do, in English and Chinese."""

    code: str = Field(description="kind of alarm")
    key: str = Field(description="what it is about")
    severity: str = Field(description="how much it matters")
    cause: str = Field(description="what has happened")
    remedy: str = Field(description="what to do")
    cause_zh: str = Field(description="what has happened, in Chinese")
    remedy_zh: str = Field(description="what to do, in Chinese")
    by: str = Field(description="who acknowledged it")
    raised: str | None = Field(description="when it was raised, UTC")
    cleared: str | None = Field(description="when it went, UTC")
    acknowledged: str | None = Field(description="when somebody saw it, UTC")
    shelved_until: str | None = Field(description="until when it keeps silent, UTC")


class LiveBody(BaseModel):
    """The plant as its controller saw it last."""

    at: str = Field(description="moment of the decision, UTC")
    target: float | None = Field(description="net export aimed at, MW; negative is import")
    achievable: float | None = Field(description="net export that can be reached, MW")
    exchange: float | None = Field(description="net export as measured, MW")
    source: str = Field(description="whose target it is")
    points: dict[str, PointBody] = Field(description="the latest of every point, by name")
    alarms: list[AlarmBody] = Field(description="alarms that are raised or not yet seen")
    links: dict[str, dict[str, Any]] = Field(description="health of each link, by name")


class AlarmWish(BaseModel):
    """What to do about an alarm."""

    code: str = Field(min_length=1, max_length=100, description="kind of alarm")
    key: str = Field(max_length=200, description="what it is about")
    minutes: float = Field(
        0.0, ge=0, le=1440, description="0 to acknowledge; else shelve it for so long, min"
    )
    reason: str = Field("", max_length=500, description="why, for the journal")


class Handed(BaseModel):
    """A wish that was handed to the controller."""

    id: str = Field(description="under which the answer is asked for")


class Answered(BaseModel):
    """What the controller made of a wish."""

    answered: bool = Field(description="whether it has looked at it")
    said: dict[str, Any] = Field(description="its answer, in its own words")


@pages.get("/")
def overview(request: Request, visitor: Annotated[Visitor, SEE]) -> Response:
    """The plant at a glance."""
    service = service_of(request)
    return page(request, "overview.html.j2", visitor=visitor, plant=service.plant,
                scene=_within(visitor.person, service.scene))  # fmt: skip


@api.get("/live", responses=NOTHING)
def live(request: Request, visitor: Annotated[Visitor, SEE]) -> LiveBody:
    """The plant as its controller saw it last."""
    image = _watch(request).image
    if image is None:
        raise HTTPException(404, "the plant has not been seen yet; start its controller")
    return LiveBody.model_validate(seen_by(visitor.person, image))


@api.get("/live/stream", response_class=StreamingResponse)
async def stream(request: Request, visitor: Annotated[Visitor, SEE]) -> StreamingResponse:
    """The same as server-sent events, one per decision that was written down."""
    watch = _watch(request)
    if watch.viewers >= MOST_VIEWERS:
        raise HTTPException(503, "too many pages follow live", {"retry-after": "30"})

    def welcome() -> bool:
        try:
            return visitor_of(request).person.grants == visitor.person.grants
        except (StrangerError, HTTPException):
            return False

    events: AsyncIterator[bytes] = watch.events(welcome)
    if not visitor.person.may(Right.SEE):
        events = _narrowed(visitor.person, events)
    return StreamingResponse(events, media_type="text/event-stream")


@api.post("/alarms", status_code=202)
def alarm(request: Request, visitor: Annotated[Visitor, OPERATE], wish: AlarmWish) -> Handed:
    """Acknowledge an alarm, or shelve it; the controller does it and writes down who asked."""
    service = service_of(request)
    if not visitor.person.may(Right.OPERATE, asset_of(wish.key)):
        raise HTTPException(403, f"this needs the right to operate at {asset_of(wish.key)}")
    now = service.clock.now()
    until = now + (timedelta(minutes=wish.minutes) if wish.minutes else LONGEST_SHELF)
    name, key = secrets.token_hex(8), f"{wish.code}: {wish.key}"
    kind = "shelve" if wish.minutes else "acknowledge"
    who = visitor.person.name
    service.note(who, kind, key, {"order": name, "reason": wish.reason})
    submit(_folder(request), Wish(name, who, kind, 0.0, now, until, key, wish.reason))
    return Handed(id=name)


@api.get("/orders/{name}")
def answer(
    request: Request,
    _: Annotated[Visitor, SEE],
    name: Annotated[str, Path(pattern=r"^[a-f0-9]{16}$", description="id of the wish")],
) -> Answered:
    """What became of a wish that was handed to the controller."""
    try:
        content = (_folder(request).orders / f"{name}.answer.json").read_bytes()
    except OSError:
        return Answered(answered=False, said={})
    return Answered(answered=True, said=json.loads(content))


def _within(person: Person, scene: Scene) -> Scene:
    """The picture without the flows somebody may not look at."""
    if person.may(Right.SEE):
        return scene
    bars = (
        replace(bar, arrows=tuple(a for a in bar.arrows if person.may(Right.SEE, a.owner)))
        for bar in scene.bars
    )
    return replace(scene, bars=tuple(bar for bar in bars if bar.arrows))


def asset_of(name: str) -> str:
    """The place in the plant's tree of a point, a store or what an alarm is about."""
    return name.partition(".")[0]


def seen_by(person: Person, image: dict[str, Any]) -> dict[str, Any]:
    """An image without what somebody may not look at; the plant's totals need the whole plant."""
    if person.may(Right.SEE):
        return image
    hidden = dict.fromkeys(("target", "achievable", "exchange"))
    points = {
        name: point
        for name, point in image["points"].items()
        if person.may(Right.SEE, asset_of(name))
    }
    alarms = [each for each in image["alarms"] if person.may(Right.SEE, asset_of(each["key"]))]
    return {**image, **hidden, "points": points, "alarms": alarms, "links": {}}


async def _narrowed(person: Person, events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for event in events:
        if not event.startswith(b"data: "):
            yield event
            continue
        image = seen_by(person, json.loads(event.removeprefix(b"data: ")))
        yield b"data: " + json.dumps(image, ensure_ascii=False).encode() + b"\n\n"


def _watch(request: Request) -> Watch:
    watch: Watch = request.app.state.watch
    return watch


def _folder(request: Request) -> PlantFolder:
    return service_of(request).folder
