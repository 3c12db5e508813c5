"""The points of the plant and what was measured of them, for other systems and for charts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from zeroplant.errors import InputError, Problem
from zeroplant.portal.access import Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.catalogue import PointOf
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.language import language_of
from zeroplant.portal.past import MOST, Asked, Past, milliseconds
from zeroplant.portal.present import now_of
from zeroplant.portal.readers import Readers
from zeroplant.store.history import CHARTED, RESAMPLED

api = APIRouter(prefix="/api/v1", tags=["history"])
DAY = timedelta(days=1)
NOTHING: dict[int | str, dict[str, Any]] = {404: {"description": "there is no such point"}}


def _place(request: Request) -> str:
    return place_of(request.path_params["point"])


SEE = needs(Right.SEE, within=True)
SEE_POINT = needs(Right.SEE, _place)


class PointInfo(BaseModel):
    """A point of the plant: something that is measured or set."""

    name: str = Field(description="its name, such as battery.charge")
    asset: str = Field(description="the asset it belongs to")
    label: str = Field(description="what it is called beside its asset, in the visitor's language")
    unit: str = Field(description="unit of its values; empty for yes (1) and no (0)")
    least: float | None = Field(description="least value it may have, in its unit; null: no limit")
    most: float | None = Field(description="greatest value, in its unit; null: no limit")
    writable: bool = Field(description="whether the controller sets it")
    stored: bool = Field(description="whether it is what a store holds, and not a rate")


class PointList(BaseModel):
    """All points a visitor may see."""

    points: list[PointInfo] = Field(description="in the order of the plant file")


class HistoryBody(BaseModel):
    """What was measured of a point, by the time at which it held."""

    point: str = Field(description="its name")
    unit: str = Field(description="unit of all values here")
    start: datetime = Field(description="first moment asked for, UTC")
    end: datetime = Field(description="moment up to which was asked, which is not in it, UTC")
    known: datetime | None = Field(
        description="only what was known by then, UTC; null: the newest version of every value"
    )
    form: str = Field(
        description="'all': every value; 'ends': the least and greatest of equal stretches of "
        "time, since there are more than asked for; 'steps': what the values did in each step"
    )
    step: float | None = Field(description="length of a step, s; null without steps")
    time: list[int] = Field(
        description="when each value held, or its step began: ms since 1970-01-01, UTC"
    )
    value: list[float] = Field(description="the values, in the unit; of steps their means")
    least: list[float] | None = Field(None, description="least of each step, in the unit")
    most: list[float] | None = Field(None, description="greatest of each step, in the unit")
    last: list[float] | None = Field(None, description="last of each step, in the unit")
    count: list[int] | None = Field(None, description="how many values each step has")
    quality: list[int] | None = Field(
        None, description="code of the worst of each step: 0 good, 1 uncertain, 2 bad, 3 lost"
    )


class Span(BaseModel):
    """Which values are asked for."""

    start: AwareDatetime | None = Field(
        None, description="first moment, with its offset; a day before the end if left out"
    )
    end: AwareDatetime | None = Field(
        None, description="up to when, with its offset; the plant's now if left out"
    )
    known: AwareDatetime | None = Field(
        None, description="as it was known at this moment, with its offset"
    )
    step: float | None = Field(
        None, ge=1, le=366 * 86_400, description="ask for what the values did in steps of so many s"
    )
    most: int = Field(
        MOST, ge=2, le=MOST, description="number of values at most; of more, least and greatest"
    )


@api.get("/points")
def points(request: Request, visitor: Annotated[Visitor, SEE]) -> PointList:
    """Everything that is measured or set in the plant."""
    chinese, person = language_of(request) == "zh", visitor.person
    return PointList(
        points=[
            _info(point, chinese)
            for asset in service_of(request).catalogue.seen_by(person)
            for point in asset.points
        ]
    )


@api.get("/history/{point}", responses=NOTHING)
def history(
    request: Request,
    _: Annotated[Visitor, SEE_POINT],
    point: Annotated[str, Path(max_length=200, description="name of the point")],
    span: Annotated[Span, Query()],
) -> HistoryBody:
    """What was measured of a point, at most 50,000 values; no peak is lost where there are more."""
    found = service_of(request).catalogue.point(point)
    if found is None:
        raise HTTPException(404, f"there is no point {point}; see /api/v1/points")
    asked = _asked(point, span, now_of(request))
    past: Past = request.app.state.past
    readers: Readers = request.app.state.readers
    with readers.place():
        return _body(asked, found.unit, past)


def _info(point: PointOf, chinese: bool) -> PointInfo:
    return PointInfo(
        name=point.name, asset=point.asset, label=point.label.zh if chinese else point.label.en,
        unit=point.unit, least=point.least, most=point.most, writable=point.writable,
        stored=point.stored,
    )  # fmt: skip


def _asked(point: str, span: Span, now: datetime) -> Asked:
    """The question, complete. Raises InputError for a span that is none, or has too many steps."""
    end = span.end or now
    try:
        start = span.start or end - DAY
    except OverflowError:
        raise InputError(Problem("there is no day before this end", "end")) from None
    if start >= end:
        raise InputError(Problem("the start is not before the end", "start"))
    step = None if span.step is None else timedelta(seconds=span.step)
    if step and (end - start) / step > MOST:
        longest = f"{MOST} steps are the most; ask for longer ones, or for a shorter span"
        raise InputError(Problem("too many steps", "step", longest))
    return Asked(point, start, end, step, span.most, span.known)


def _body(asked: Asked, unit: str, past: Past) -> HistoryBody:
    """The answer to a question."""
    table = past.read(asked)
    if table is None:
        table = (RESAMPLED if asked.step else CHARTED).empty_table()
    said: dict[str, Any] = {
        "point": asked.point, "unit": unit, "start": asked.start, "end": asked.end,
        "known": asked.known, "time": milliseconds(table["event"]),
    }  # fmt: skip
    if asked.step is None:
        whole = not len(table) or table["of"][0].as_py() <= asked.most
        value = table["value"].to_pylist()
        return HistoryBody(**said, form="all" if whole else "ends", step=None, value=value)
    mean, least, most, last, count, quality = (
        table[name].to_pylist() for name in ("mean", "min", "max", "last", "count", "quality")
    )
    return HistoryBody(
        **said, form="steps", step=asked.step.total_seconds(), value=mean, least=least, most=most,
        last=last, count=count, quality=quality,
    )  # fmt: skip
