"""The grid's side: the dispatch centre, orders in force, demand response, what could be given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from zeroplant.operate.orders import Order
from zeroplant.portal.access import Right
from zeroplant.portal.desk import answer_for, may_withdraw
from zeroplant.portal.figures import figure
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.moments import speed_of
from zeroplant.portal.newest import newest
from zeroplant.portal.orders_held import held_orders
from zeroplant.portal.pages import page
from zeroplant.portal.present import Present, present
from zeroplant.portal.routes.bodies import Words
from zeroplant.portal.routes.setpoints import on_way
from zeroplant.portal.wording import EVENTS, ORDER_KINDS, PROMISES, SOURCES, STATES, worded

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["grid"])
SEE = needs(Right.SEE)
Body = TypeVar("Body", bound=BaseModel)
STALE = timedelta(minutes=1)
"""Age on the plant's clock, in real time, after which nothing is known of who is connected."""
LASTS = timedelta(hours=1)
"""How long what could be given is told as of now: it is worked out each quarter-hour."""
SHOWN = 20
"""Commands, events and promises that the page lists at most; the journal has all."""


class CentreBody(BaseModel):
    """The line to the dispatch centre."""

    configured: bool = Field(False, description="whether a centre may call on this plant")
    connected: bool | None = Field(
        False, description="whether it is connected now; null where the controller is silent"
    )
    since: str | None = Field(None, description="since when it is so, UTC")
    last_heard: str | None = Field(None, description="when it sent something last, UTC")
    peers: list[str] = Field(default_factory=list, description="addresses that are connected")


class CommandBody(BaseModel):
    """A set-point of the dispatch centre."""

    at: str = Field(description="when it came, UTC")
    point: str = Field(description="what it sets; 'plant.target' is the plant's net export")
    value: float | None = Field(description="what to, MW or the unit of the point")
    until: str | None = Field(None, description="until when it holds, UTC; null: while connected")
    source: str = Field("", description="who gave it")
    state: Words = Field(default_factory=Words, description="what became of it")


class EventBody(BaseModel):
    """An event of demand response."""

    id: str = Field("", description="its number at the server")
    name: str = Field("", description="what it is called")
    start: str | None = Field(None, description="when it begins, UTC")
    until: str | None = Field(None, description="when it ends, UTC")
    kind: str = Field("", description="what it asks for")
    value: float | None = Field(None, description="how much, MW, or a level")
    state: Words | str = Field("", description="what becomes of it, in words or as a code")


class ResponseBody(BaseModel):
    """What became of an order from outside, measured against a baseline."""

    source: str = Field("", description="who had ordered it")
    key: str = Field("", description="which event or command")
    kind: str = Field("", description="what it asked for")
    start: str | None = Field(None, description="when it began, UTC")
    end: str | None = Field(None, description="when it was over, UTC")
    method: str = Field("", description="how the baseline was found")
    direction: str = Field("", description="reduce or raise consumption")
    awarded_energy: float | None = Field(None, description="energy that was asked for, MWh")
    measured_energy: float | None = Field(None, description="energy that was given, MWh")
    paid_energy: float | None = Field(None, description="energy that is paid for, MWh")
    valid_share: float | None = Field(None, description="share of the time it was kept, 0…1")
    note: str = Field("", description="why it could not be measured, if so")


class PromiseBody(BaseModel):
    """Something that was promised to others."""

    name: str = Field("", description="what it is called")
    kind: str = Field("", description="schedule, at least, at most, reserve, response …")
    source: str = Field("", description="where it comes from")
    start: str | None = Field(None, description="when it begins, UTC")
    until: str | None = Field(None, description="when it ends, UTC")
    value: float | list[float | None] | None = Field(
        None, description="what was promised, MW; one number or one per step"
    )
    price: float | None = Field(
        None, description="price of what is missed, the plant's money per MWh"
    )
    state: str = Field("", description="ahead, running, kept, broken or unknown")
    delivered: float | None = Field(None, description="what was given, MWh")


class CapacityBody(BaseModel):
    """A capacity as a register or a market asks for it."""

    value: float | None = Field(description="how much, in its unit")
    unit: str = Field(description="its unit")
    words: Words = Field(description="what it means")


class CapabilityBody(BaseModel):
    """Net export the plant could give more or less than planned, for how long, how surely."""

    made: str = Field(description="when it was worked out, UTC")
    hours: list[float] = Field(description="for how long, h")
    probabilities: list[float] = Field(description="how surely, 0…1")
    up: list[list[float | None]] = Field(description="more export, MW; a row per probability")
    down: list[list[float | None]] = Field(description="less export, MW; a row per probability")
    capacities: dict[str, CapacityBody] = Field(description="named capacities that follow")


class OrderBody(BaseModel):
    """An order that has not lapsed."""

    priority: int = Field(description="number of its place: 1 goes before all others")
    source: str = Field(description="safety, dispatch centre, contract or person")
    kind: str = Field(description="target, most export, least export or device")
    key: str = Field(description="the flow, for a device; the event, for a contract; else empty")
    value: float = Field(description="MW of net export, or the power of the flow in its unit")
    start: str = Field(description="when it begins, UTC")
    until: str = Field(description="when it lapses, UTC")
    name: str = Field(description="under which it is withdrawn; empty for those of others")
    person: str = Field(description="who gave it, for one of a person")
    reason: str = Field(description="why, for one of a person")


class GridBody(BaseModel):
    """Everything about the plant's other side."""

    exchange: float | None = Field(description="net export as measured, MW; negative is import")
    target: float | None = Field(description="net export aimed at, MW")
    source: str | None = Field(description="whose word the target is")
    most_export: float | None = Field(description="most the connection lets out, MW; null: any")
    most_import: float | None = Field(description="most the connection lets in, MW; null: any")
    centre: CentreBody = Field(description="the line to the dispatch centre")
    orders: list[OrderBody] = Field(description="orders that have not lapsed, by priority")
    commands: list[CommandBody] = Field(description="set-points of the centre, the newest first")
    events: list[EventBody] = Field(description="events of demand response")
    responses: list[ResponseBody] = Field(description="what became of events, the newest first")
    promises: list[PromiseBody] = Field(description="what was promised, the latest first")
    capability: CapabilityBody | None = Field(description="what could be given; null if unknown")


@pages.get("/grid")
def grid_page(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    asked: Annotated[str, Query(pattern=r"^([a-f0-9]{16})?$")] = "",
) -> Response:
    """The grid's side of the plant."""
    service, now = service_of(request), present(request, visitor)
    names = service.names

    flows = service.limits.flows

    def about(order: Order) -> Any:
        return names.part(order.key) if order.kind == "device" else worded(ORDER_KINDS, order.kind)

    def point(name: str) -> Any:
        kind = name.removeprefix("plant.")
        return worded(ORDER_KINDS, kind) if kind != name else names.part(name)

    return page(
        request, "grid.html.j2", visitor=visitor, now=now, limits=service.limits,
        source=worded(SOURCES, now.image.get("source", "")), about=about, grid=_grid(request, now),
        orders=held_orders(service.folder, now.image, now.now), sources=SOURCES,
        may_withdraw=lambda held: may_withdraw(visitor.person, held),
        unit_of=lambda name: flows[name].unit if name in flows else "MW", point=point,
        waiting=on_way(request, visitor.person), asked=asked,
        answer=answer_for(request, visitor.person, asked), states=STATES, promises=PROMISES,
        event_kinds=EVENTS, about_kind=lambda kind: worded(ORDER_KINDS, kind), words_of=worded,
        quantity=lambda value, unit: figure(round(value, 6) + 0.0, unit),
        long_ago=lambda moment: now.now - datetime.fromisoformat(moment) > LASTS,
    )  # fmt: skip


@api.get("/grid")
def grid(request: Request, visitor: Annotated[Visitor, SEE]) -> GridBody:
    """The grid's side of the plant: dispatch centre, orders, demand response, capability."""
    return _grid(request, present(request, visitor))


def _grid(request: Request, now: Present) -> GridBody:
    service = service_of(request)
    folder, limits = service.folder, service.limits
    callers = newest(folder.callers) or {}
    capability = newest(folder.capability)
    held = held_orders(folder, now.image, now.now)
    return GridBody(
        exchange=now.image.get("exchange"), target=now.image.get("target"),
        source=now.image.get("source"), most_export=_finite(limits.most_export),
        most_import=_finite(-limits.least_export),
        centre=_centre(callers, now),
        orders=[
            OrderBody(
                priority=each.priority, source=each.order.source, kind=each.order.kind,
                key=each.order.key, value=each.order.value, start=each.order.start.isoformat(),
                until=each.order.until.isoformat(), name=each.name, person=each.person,
                reason=each.reason,
            )
            for each in held
        ],
        commands=_all(CommandBody, callers.get("commands"))[:SHOWN],
        events=_all(EventBody, callers.get("events"))[:SHOWN],
        responses=_all(ResponseBody, (newest(folder.responses) or {}).get("responses"))[::-1][
            :SHOWN
        ],
        promises=_all(PromiseBody, (newest(folder.commitments) or {}).get("list"))[::-1][:SHOWN],
        capability=_one(CapabilityBody, capability),
    )  # fmt: skip


def _centre(callers: Mapping[str, Any], now: Present) -> CentreBody:
    """The line to the centre; whether it is connected is only known while somebody tells."""
    found = _one(CentreBody, callers.get("centre")) or CentreBody()
    try:
        told = datetime.fromisoformat(callers["at"])
        silent = now.old or now.now - told > STALE * speed_of(now.image)
    except (KeyError, TypeError, ValueError):
        silent = True
    if found.configured and silent:
        return found.model_copy(update={"connected": None})
    return found


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _one(body: type[Body], said: Any) -> Body | None:
    """What a file of the folder says, if it can be read as that."""
    try:
        return body.model_validate(said) if isinstance(said, Mapping) else None
    except ValueError:
        return None


def _all(body: type[Body], said: Any) -> list[Body]:
    found = (_one(body, each) for each in said) if isinstance(said, list) else ()
    return [each for each in found if each is not None]
