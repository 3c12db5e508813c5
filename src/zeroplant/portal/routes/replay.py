"""Replay: the plant as it was known at a moment, what was decided then, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, Field

from zeroplant.errors import InputError
from zeroplant.plan.report.text import Text
from zeroplant.portal.access import Right
from zeroplant.portal.figures import figure
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.hindsight import BusyError, Hindsight
from zeroplant.portal.pages import page
from zeroplant.portal.present import present
from zeroplant.portal.routes.bodies import AlarmBody, OrderThen
from zeroplant.portal.routes.journal import local_moment
from zeroplant.portal.scene import over_an_hour
from zeroplant.portal.service import Service
from zeroplant.portal.why import why_told
from zeroplant.portal.wording import SOURCES, STATUSES, worded
from zeroplant.store import Record

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["journal"])
SEE = needs(Right.SEE)
EVENING = 18
"""Hour of yesterday that the page offers: the peak of most days."""
HORIZONS = (1, 4, 12)
"""Hours ahead for which the forecasts then in force are shown."""
NOTHING: dict[int | str, dict[str, Any]] = {404: {"description": "nothing was known yet then"}}


class SetpointThen(BaseModel):
    """A set-point as it stood."""

    flow: str = Field(description="the flow it is for")
    value: float | None = Field(description="in the unit of the flow")
    reason: str = Field(description="why it was so")


class ValueThen(BaseModel):
    """A value as the history knew it then."""

    value: float | None = Field(description="in the unit of its point")
    event: str = Field(description="when it held, UTC")
    known: str = Field(description="when it became known, UTC")
    quality: int = Field(description="code: 0 good, 1 uncertain, 2 bad, 3 lost")


class PlanThen(BaseModel):
    """The schedule that was in force."""

    made: datetime = Field(description="when it was made, UTC")
    start: datetime = Field(description="start of its first step, UTC")
    step_seconds: float = Field(description="length of a step, s")
    status: str = Field(description="optimal, feasible, kept or rule")
    target: list[float] = Field(description="planned net export by step, MW")
    why: list[str] = Field(description="limits that bound it at that moment, in words")


class ReplayBody(BaseModel):
    """What was known at a moment; nothing that became known later is in it."""

    at: datetime = Field(description="the moment, UTC")
    journal: str = Field(description="'intact', or what is wrong with the journal's chain")
    exact: bool = Field(description="whether no cycle before it is missing from the journal")
    decided: datetime | None = Field(description="when the last cycle before it decided, UTC")
    target: float | None = Field(description="net export aimed at, MW")
    exchange: float | None = Field(description="net export as it was measured, MW")
    source: str = Field(description="whose word the target was")
    setpoints: list[SetpointThen] = Field(description="what devices had been told")
    values: dict[str, ValueThen] = Field(description="the last known of every point, by name")
    plan: PlanThen | None = Field(description="the schedule in force; null if it is not kept")
    forecasts_made: datetime | None = Field(description="when the forecasts in force were made")
    orders: list[OrderThen] = Field(description="orders in force, of persons and others")
    alarms: list[AlarmBody] = Field(description="alarms that held")


@pages.get("/journal/replay")
def replay_page(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    at: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Choose a moment and see the plant as it was known then."""
    zone = ZoneInfo(service_of(request).plant.time.zone)
    now = present(request, visitor).now.astimezone(zone)
    moment = local_moment(at, zone)
    found, problem = _found(request, moment, now) if moment else (None, "")
    hour_ago = (now.astimezone(UTC) - timedelta(hours=1)).astimezone(zone)
    yesterday = (now - timedelta(days=1)).replace(hour=EVENING, minute=0, second=0, microsecond=0)
    return page(
        request, "replay.html.j2", visitor=visitor, moment=moment, found=found, problem=problem,
        now=now, offers=[("yesterday", yesterday), ("hour ago", hour_ago)],
        told=_Told(request, found) if found else None, hours=HORIZONS,
    )  # fmt: skip


@api.get("/replay", responses=NOTHING)
def replay(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    at: Annotated[AwareDatetime, Query(description="the moment, on the plant's clock")],
) -> ReplayBody:
    """The plant as it was known at a moment, what was decided then, and why."""
    found, problem = _found(request, at, present(request, visitor).now)
    if found is None:
        raise HTTPException(404, problem or "nothing was known yet then")
    then, said = found.replayed, dict(found.replayed.decision.payload) if (
        found.replayed.decision
    ) else {}  # fmt: skip
    return ReplayBody(
        at=then.at, journal=then.intact, exact=then.exact,
        decided=then.decision.known if then.decision else None, target=said.get("target"),
        exchange=said.get("exchange"), source=str(said.get("source", "")),
        setpoints=[
            SetpointThen(flow=name, value=value, reason=reason)
            for name, (value, reason, *_) in said.get("setpoints", {}).items()
        ],
        values={name: ValueThen.model_validate(each) for name, each in then.values.items()},
        plan=_plan(found, service_of(request)), forecasts_made=found.made,
        orders=[OrderThen.of(each.payload)
                for each in (*then.called.values(), *then.orders.values())],
        alarms=[AlarmBody.model_validate(each.payload) for each in then.alarms.values()],
    )  # fmt: skip


def _found(request: Request, at: datetime, now: datetime) -> tuple[Hindsight | None, str]:
    """What was known, or why that cannot be told. Raises HTTPException with 503."""
    try:
        found = service_of(request).replays.at(at, now)
    except BusyError:
        raise HTTPException(503, "others wait for a replay already", {"retry-after": "5"}) from None
    except InputError as error:
        return None, str(error)
    except (OverflowError, ValueError):
        return None, ""
    return (None, "") if found.replayed.decision is None else (found, "")


def _plan(found: Hindsight, service: Service) -> PlanThen | None:
    plan, why = found.plan, found.why()
    if plan is None:
        return None
    return PlanThen(
        made=plan.made, start=plan.start, step_seconds=plan.step / timedelta(seconds=1),
        status=plan.status, target=plan.target.tolist(),
        why=[why_told(each, service.names, service.plant.currency).en for each in why],
    )  # fmt: skip


class _Told:
    """What was known then, in words for the page."""

    def __init__(self, request: Request, found: Hindsight) -> None:
        service = self._service = service_of(request)
        self._found, self._names, self._teller = found, service.names, service.teller
        self._units = {flow.name: flow.unit for flow in service.network.flows}
        self._units |= {store.name: store.unit for store in service.network.stores}
        self._prices = {
            node.name: f"{service.plant.currency}/{over_an_hour(node.unit)}"
            for node in service.network.nodes
        }
        decision = found.replayed.decision
        self.said = dict(decision.payload) if decision else {}
        self.source = worded(SOURCES, self.said.get("source", ""))
        self.status = worded(STATUSES, found.plan.status if found.plan else "")

    def figure(self, value: float | None, unit: str = "MW") -> Any:
        """A quantity in words."""
        return figure(None if value is None else round(value, 6) + 0.0, unit)

    def name(self, point: str) -> Any:
        """What a point is called."""
        return self._names.part(point)

    def price_unit(self, node: str) -> str:
        """Unit of the price at a node."""
        return self._prices.get(node, "")

    def setpoints(self) -> list[tuple[Any, ...]]:
        """Flow, what it is called, set-point and why."""
        return self._teller.setpoints(self.said)

    def why(self) -> list[Text]:
        """The limits that bound the plan then."""
        service = self._service
        return [why_told(each, service.names, service.plant.currency) for each in self._found.why()]

    def values(self) -> list[tuple[Any, ...]]:
        """Point, what it is called, value, when it held and its quality: flows and stores."""
        then = self._found.replayed.values
        return [
            (name, self._names.part(name), self.figure(each["value"], self._units[name]),
             each["event"], each["quality"])
            for name, each in then.items() if name in self._units
        ]  # fmt: skip

    def records(self, records: dict[str, Record]) -> list[Any]:
        """Records in words."""
        return [(each, self._teller.told(each)) for each in records.values()]

    def expected(self, hours: int) -> list[tuple[Any, ...] | None]:
        """Mean, least and most of each quantity so many hours later."""
        later = self._found.replayed.at + timedelta(hours=hours)
        found = []
        for each in self._found.expected:
            values = each.at(later)
            found.append(None if values is None else tuple(self.figure(v, "") for v in values))
        return found
