"""The plant as it is now: the picture of its flows, its alarms, and the stream that moves them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from zeroplant.portal.access import Person, Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.gate import StrangerError, Visitor, needs, service_of, visitor_of
from zeroplant.portal.pages import page
from zeroplant.portal.present import views_of
from zeroplant.portal.routes import today
from zeroplant.portal.routes.bodies import AlarmBody, LinkBody
from zeroplant.portal.scene import Arrow, Held, Scene
from zeroplant.portal.watch import Watch

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["live"])
SEE = needs(Right.SEE, within=True)
NOTHING: dict[int | str, dict[str, Any]] = {404: {"description": "nothing is known of it yet"}}
Part = TypeVar("Part", Arrow, Held)
EVENTS: dict[int | str, dict[str, Any]] = {200: {
    "description": "an event for each image: a line 'data: ' with the image as JSON",
    "content": {"text/event-stream": {"schema": {
        "type": "string", "contentMediaType": "application/json",
        "contentSchema": {"$ref": "#/components/schemas/LiveBody"}}}},
}}  # fmt: skip
MOST_VIEWERS, MOST_OF_ONE = 400, 200
"""Pages that may follow live, of all and of one person; each holds a connection."""


class PointBody(BaseModel):
    """The latest of one point."""

    value: float | None = Field(description="in its unit; null where nothing is known")
    unit: str = Field(description="its unit")
    spread: float | None = Field(description="how far the value may be off, in its unit")
    source: str = Field(description="measured, or how the value was inferred")
    quality: int = Field(description="code: 0 good, 1 uncertain, 2 bad, 3 lost")
    event: str = Field(description="when it held, UTC")
    setpoint: float | None = Field(
        description="what it was told to do, in its unit; null if nothing"
    )
    reason: str = Field(description="why it was told so")


class LiveBody(BaseModel):
    """The plant as its controller saw it last."""

    at: str = Field(description="moment of the decision, UTC")
    target: float | None = Field(description="net export aimed at, MW; negative is import")
    achievable: float | None = Field(description="net export that can be reached, MW")
    exchange: float | None = Field(description="net export as measured, MW")
    source: str = Field(description="whose target it is")
    points: dict[str, PointBody] = Field(description="the latest of every point, by name")
    alarms: list[AlarmBody] = Field(description="alarms that are raised or not yet seen")
    links: dict[str, LinkBody] = Field(description="health of each link, by name")
    wrote: str | None = Field(None, description="when this was written, by the wall's clock, UTC")
    speed: float = Field(
        1.0, description="how many times as fast as real time the plant's clock goes"
    )
    cycle: int | None = Field(None, description="number of the control cycle")
    step: float | None = Field(None, description="time from cycle to cycle, s")


@pages.get("/")
def overview(request: Request, visitor: Annotated[Visitor, SEE]) -> Response:
    """The plant at a glance."""
    service = service_of(request)
    so_far = today.spoken(request, visitor) if visitor.person.may(Right.SEE) else {}
    return page(request, "overview.html.j2", visitor=visitor, plant=service.plant,
                scene=_within(visitor.person, service.scene), **so_far)  # fmt: skip


@api.get("/live", responses=NOTHING)
def live(request: Request, visitor: Annotated[Visitor, SEE]) -> LiveBody:
    """The plant as its controller saw it last."""
    image = _watch(request).image
    if image is None:
        raise HTTPException(404, "the plant has not been seen yet; start its controller")
    return LiveBody.model_validate(views_of(request).of(visitor.person, image))


@api.get("/live/stream", response_class=StreamingResponse, responses=EVENTS)
async def stream(request: Request, visitor: Annotated[Visitor, SEE]) -> StreamingResponse:
    """The same as server-sent events, one per decision that was written down."""
    watch = _watch(request)
    mine = watch.viewers[visitor.person.id]
    if watch.viewers.total() >= MOST_VIEWERS or mine >= MOST_OF_ONE:
        raise HTTPException(503, "too many pages follow live", {"retry-after": "30"})

    def welcome() -> bool:
        try:
            return visitor_of(request).person.grants == visitor.person.grants
        except (StrangerError, HTTPException):
            return False

    events: AsyncIterator[bytes] = watch.events(welcome, visitor.person.id)
    if not visitor.person.may(Right.SEE):
        events = _narrowed(request, visitor.person, events)
    return StreamingResponse(events, media_type="text/event-stream")


def _within(person: Person, scene: Scene) -> Scene:
    """The picture without the flows and stores somebody may not look at."""
    if person.may(Right.SEE):
        return scene

    def seen(parts: Iterable[Part]) -> tuple[Part, ...]:
        return tuple(each for each in parts if person.may(Right.SEE, place_of(each.point)))

    bars = (replace(bar, arrows=seen(bar.arrows)) for bar in scene.bars)
    stocks = (replace(stock, parts=seen(stock.parts)) for stock in scene.stocks)
    return replace(
        scene,
        bars=tuple(bar for bar in bars if bar.arrows),
        stocks=tuple(stock for stock in stocks if stock.parts),
    )


async def _narrowed(
    request: Request, person: Person, events: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    """The same events, of the newest image each time, without what somebody may not look at."""
    watch, sent = _watch(request), b""
    async for event in events:
        if not event.startswith(b"data: "):
            yield event
        elif watch.image is not None:
            seen = await views_of(request).event(person, watch.image)
            if seen is not sent:
                sent = seen
                yield sent


def _watch(request: Request) -> Watch:
    watch: Watch = request.app.state.watch
    return watch
