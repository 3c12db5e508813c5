"""The schedule in force: what the plant is to do, at what price, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from zeroplant.axis import Floats
from zeroplant.operate.points import asset_of
from zeroplant.operate.schedule import Schedule
from zeroplant.plan.report.text import Text
from zeroplant.portal import outlook
from zeroplant.portal.access import Person, Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.answers import answer_told
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.language import language_of
from zeroplant.portal.pages import page
from zeroplant.portal.present import now_of
from zeroplant.portal.scene import felt, over_an_hour
from zeroplant.portal.service import Service
from zeroplant.portal.why import why_told
from zeroplant.portal.wording import PROMISES, worded
from zeroplant.waist import Flow

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["schedule"])
SEE = needs(Right.SEE, within=True)
NOTHING: dict[int | str, dict[str, Any]] = {404: {"description": "there is no schedule yet"}}


class Line(BaseModel):
    """One quantity over the steps of the schedule."""

    key: str = Field(description="its name in the plant, such as battery.charge")
    name: str = Field(description="what it is called, in the visitor's language")
    node: str = Field(description="the node it gives to or takes from; empty for levels")
    gives: bool = Field(description="whether it gives to the node; else it takes, or is a level")
    exact: bool = Field(True, description="false where a ratio changes over time: by its mean")
    unit: str = Field(description="unit of its values")
    values: list[float] = Field(description="one value per step, in the unit; levels at its end")


class NodeBody(BaseModel):
    """A node at which flows meet and have a price."""

    name: str = Field(description="its name in the plant")
    label: str = Field(description="what it is called, in the visitor's language")
    carrier: str = Field(description="what it carries, in the visitor's language")
    unit: str = Field(description="unit of the powers there")
    price_unit: str = Field(description="unit of its price")


class Why(BaseModel):
    """A limit that binds, and what it costs."""

    first: int = Field(description="number of the first step in which it binds, from 0")
    last: int = Field(description="number of the last step in which it binds")
    what: str = Field(description="flow, store or rule")
    price: float = Field(description="money saved per unit by which the limit were wider")
    words: str = Field(description="the same in words, in the visitor's language")


class BandBody(BaseModel):
    """A forecast that the schedule was made with, on its steps."""

    key: str = Field(description="what is forecast, such as wind.output")
    name: str = Field(description="what that is called, in the visitor's language")
    unit: str = Field(description="unit of its values; empty if not told")
    made: datetime = Field(description="when the forecast was made, UTC")
    low: float = Field(description="lower level of the band, 0 to 1")
    high: float = Field(description="upper level of the band, 0 to 1")
    least: list[float | None] = Field(
        description="lower end of the band, in its unit; null: not forecast"
    )
    most: list[float | None] = Field(
        description="upper end of the band, in its unit; null: not forecast"
    )
    middle: list[float | None] = Field(
        description="expected value, in its unit; null: not forecast"
    )


class CommitmentBody(BaseModel):
    """A promise to others that reaches into the schedule, on its steps."""

    name: str = Field(description="what it is called")
    kind: str = Field(
        description="schedule (net export as promised), at least or at most (bounds of the net "
        "export), reserve up or reserve down (held ready), response (less taken than usual)"
    )
    words: str = Field(description="the kind in words, in the visitor's language")
    source: str = Field(description="where it comes from: file, market, dispatch centre, …")
    start: datetime = Field(description="when it begins, UTC")
    until: datetime = Field(description="when it ends, UTC")
    state: str = Field(description="ahead or running")
    values: list[float | None] = Field(description="what is promised, MW; null: nothing then")
    tolerance: float = Field(description="deviation from a schedule that costs nothing, MW")
    hours: float = Field(description="how long a reserve must last when called, h")
    price: float | None = Field(
        description="price of what is missed, in the schedule's currency per MWh"
    )


class ScheduleBody(BaseModel):
    """A schedule, step by step; of a part of the plant its own rows, without the plant's totals."""

    now: datetime = Field(description="the moment on the plant's clock, UTC")
    made: datetime = Field(description="when it was made, UTC")
    start: datetime = Field(description="start of its first step, UTC")
    step_seconds: float = Field(description="length of a step, s")
    status: str = Field(description="optimal, feasible, kept (an earlier one), or rule")
    note: str = Field(description="why it is not optimal; else empty")
    zone: str = Field(description="time zone of the plant")
    currency: str = Field(description="currency of the prices")
    steps: int = Field(description="number of its steps")
    target: list[float] = Field(
        description="planned net export, MW; negative is import; empty for who may not see it"
    )
    nodes: list[NodeBody] = Field(description="nodes with a price, those of electricity first")
    power: list[Line] = Field(description="flows that move in it, once at each of their nodes")
    level: list[Line] = Field(description="levels of stores")
    price: dict[str, list[float]] = Field(description="price at each node, money per unit·h")
    why: list[Why] = Field(description="limits that bind, with their prices")
    kinds: dict[str, str] = Field(description="kind of the asset of each key, such as solar")
    shortfall: dict[str, float] = Field(
        description="by how much promises and limits are missed: MWh, or their unit·h"
    )
    bands: list[BandBody] = Field(description="the forecasts it was made with")
    commitments: list[CommitmentBody] = Field(description="what was promised to others")


@pages.get("/schedule")
def schedule_page(request: Request, visitor: Annotated[Visitor, SEE]) -> Response:
    """The coming hours, and why they look so."""
    currency = service_of(request).plant.currency
    return page(request, "schedule.html.j2", visitor=visitor, currency=currency)


@api.get("/schedule", responses=NOTHING)
def schedule(request: Request, visitor: Annotated[Visitor, SEE]) -> ScheduleBody:
    """The schedule in force, as far as it is the visitor's to see."""
    return seen_by(visitor.person, _schedule(request))


def seen_by(person: Person, body: ScheduleBody) -> ScheduleBody:
    """A schedule without what somebody may not look at.

    Of their own assets the rows are left, the limits that bind them, and the price where they
    connect; what the plant exchanges, promises and misses as a whole needs the whole plant.
    """
    if person.may(Right.SEE):
        return body

    def theirs(name: str) -> bool:
        return person.may(Right.SEE, place_of(name))

    power = [line for line in body.power if theirs(line.key)]
    at = {line.node for line in power}
    return body.model_copy(update={
        "target": [], "note": "", "shortfall": {}, "commitments": [], "power": power,
        "level": [line for line in body.level if theirs(line.key)],
        "nodes": [node for node in body.nodes if node.name in at],
        "price": {name: values for name, values in body.price.items() if name in at},
        "why": [each for each in body.why if theirs(each.what)],
        "kinds": {key: kind for key, kind in body.kinds.items() if theirs(key)},
        "bands": [band for band in body.bands if theirs(band.key)],
    })  # fmt: skip


def _schedule(request: Request) -> ScheduleBody:
    """The schedule in force, whole. Raises HTTPException with 404."""
    service = service_of(request)
    try:
        found = Schedule.from_json(service.folder.schedule.read_bytes())
    except (OSError, ValueError):
        raise HTTPException(404, "there is no schedule yet") from None
    chinese, plant, names = language_of(request) == "zh", service.plant, service.names
    arrows = _arrows(service)

    def called(name: str, node: str = "") -> str:
        return (arrows.get((name, node)) or names.part(name))[int(chinese)]

    def told(said: str) -> str:
        return answer_told(said, names)[int(chinese)]

    flows = {flow.name: flow for flow in service.network.flows}
    stores = {store.name: store for store in service.network.stores}
    return ScheduleBody(
        now=now_of(request),
        made=found.made,
        start=found.start,
        step_seconds=found.step / timedelta(seconds=1),
        status=found.status,
        note=told(found.note),
        zone=plant.time.zone,
        currency=plant.currency,
        steps=found.steps,
        target=found.target.tolist(),
        nodes=[
            NodeBody(name=node.name, label=names.node(node.name)[int(chinese)],
                     carrier=carrier.zh if chinese else carrier.en, unit=node.unit,
                     price_unit=f"{plant.currency}/{over_an_hour(node.unit)}")
            for node in sorted(service.network.nodes, key=lambda n: n.carrier != "electricity")
            if node.name in found.price
            for carrier in [names.phrase(node.carrier)]
        ],
        power=[
            line
            for name, values in found.power.items()
            if name in flows and values.any()
            for line in felt_lines(flows[name], partial(called, name), values)
        ],
        level=[
            Line(key=name, name=called(name), node="", gives=False, unit=stores[name].unit,
                 values=values.tolist())
            for name, values in found.level.items() if name in stores
        ],
        price={name: values.tolist() for name, values in found.price.items()},
        why=[Why(first=each.first, last=each.last, what=each.what, price=each.price,
                 words=why_told(each, names, plant.currency)[int(chinese)])
             for each in found.reasons],
        kinds=_kinds(service, (*found.power, *found.level)),
        shortfall=dict(found.shortfall),
        bands=[BandBody(**vars(band), name=called(band.key))
               for band in outlook.bands(service.folder, found)],
        commitments=[_commitment(each, chinese) for each in outlook.owed(service.folder, found)],
    )  # fmt: skip


def _arrows(service: Service) -> dict[tuple[str, str], Text]:
    """What the picture of flows calls a flow at a node; what it does not show has its full name."""
    return {(arrow.point, bar.name): arrow.label
            for bar in service.scene.bars for arrow in bar.arrows}  # fmt: skip


def _kinds(service: Service, keys: Iterable[str]) -> dict[str, str]:
    """The kind of the asset of each flow and store."""
    assets = service.catalogue.assets
    return {key: assets[asset_of(key)].kind for key in keys if asset_of(key) in assets}


def _commitment(owed: outlook.Owed, chinese: bool) -> CommitmentBody:
    said = owed.said
    words = worded(PROMISES, said["kind"])
    return CommitmentBody(
        name=answer_told(said["name"])[int(chinese)], kind=said["kind"], source=said["source"],
        state=said["state"],
        start=said["start"], until=said["until"], price=said["price"],
        tolerance=said["tolerance"] or 0.0, hours=said["hours"] or 0.0, values=owed.values,
        words=words.zh if chinese else words.en,
    )  # fmt: skip


def felt_lines(flow: Flow, called: Callable[[str], str], values: Floats) -> Iterator[Line]:
    """A flow as it is felt at each node it gives to or takes from, and what it is called there."""
    for gives, nodes in ((True, flow.give), (False, flow.take)):
        for node in nodes:
            factor, exact = felt(flow, node, gives=gives)
            yield Line(key=flow.name, name=called(node.name), node=node.name, gives=gives,
                       exact=exact, unit=node.unit, values=(factor * values).tolist())  # fmt: skip
