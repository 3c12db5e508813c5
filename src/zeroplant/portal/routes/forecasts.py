"""Forecasts: their bands over what came, of each issue that is kept, and how good they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from zeroplant.axis import Floats
from zeroplant.errors import InputError
from zeroplant.operate.entries import plain
from zeroplant.operate.folder import STAMP
from zeroplant.operate.measured import Measured
from zeroplant.operate.outside import Kind, Outside
from zeroplant.portal.access import Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.figures import share
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.language import LANGUAGES, language_of, say
from zeroplant.portal.newest import newest
from zeroplant.portal.outlook import made_of
from zeroplant.portal.pages import page
from zeroplant.portal.past import Past
from zeroplant.portal.present import now_of
from zeroplant.portal.readers import Readers

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/forecasts", tags=["forecasts"])
SEE = needs(Right.SEE, within=True)
SEE_ONE = needs(Right.SEE, lambda request: place_of(request.query_params.get("key", "")))
NOTHING: dict[int | str, dict[str, Any]] = {404: {"description": "there is no such forecast"}}
BEFORE = timedelta(hours=12)
"""How much of what was measured before a forecast is shown beside it."""
OLD = timedelta(hours=1)
STAMPED = r"^\d{8}T\d{6}Z$"
HONEST = (0.7, 0.9)
"""Share in the band of 80 % from which on it is too narrow, or wider than needed."""


class QuantityBody(BaseModel):
    """Something that is forecast."""

    key: str = Field(description="its name in the plant, such as wind.output")
    name: str = Field(description="what it is called, in the visitor's language")
    unit: str = Field(description="unit of its values; empty if not told")


class ForecastList(BaseModel):
    """What is forecast, and which issues are kept."""

    quantities: list[QuantityBody] = Field(description="what is forecast in the newest issue")
    issues: list[str] = Field(description="moments they were made, newest first, UTC")


class ForecastBody(BaseModel):
    """One forecast with what was measured before and after it."""

    key: str = Field(description="what it is of")
    name: str = Field(description="what that is called, in the visitor's language")
    unit: str = Field(description="unit of all values; empty if not told")
    made: datetime = Field(description="when it was made, UTC")
    start: datetime = Field(description="start of its first step, UTC")
    step_seconds: float = Field(description="length of a step, s")
    method: str = Field(description="trees (learnt), or the simple method it was made by")
    missing: list[str] = Field(description="inputs it had to do without")
    levels: list[float] = Field(description="quantile levels of the rows of values, 0 to 1")
    values: list[list[float | None]] = Field(description="by level, by step, in the unit")
    mean: list[float | None] = Field(description="expected value of each step, in the unit")
    measured_start: datetime = Field(description="start of the first measured step, UTC")
    measured: list[float | None] = Field(
        description="mean of each step as measured, in the unit, up to the end of the forecast; "
        "null: not, or not yet"
    )


class Asked(BaseModel):
    """Which forecast is asked for."""

    key: str = Field(max_length=200, description="what it is of, as in the list")
    made: str = Field(
        "", pattern=STAMPED + "|^$", description="when it was made, as in the list; empty: newest"
    )


@pages.get("/forecasts")
def forecasts_page(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    key: Annotated[str, Query(max_length=200)] = "",
    made: Annotated[str, Query(pattern=STAMPED + "|^$")] = "",
) -> Response:
    """Bands over what came, for a quantity and an issue to be chosen."""
    known = listed(request, visitor)
    chosen = next((each for each in known.quantities if each.key == key), None)
    if chosen is None and known.quantities:
        chosen = known.quantities[0]
    service, found = service_of(request), None
    if chosen is not None:
        issue = _issue(service.folder.made_forecasts, service.folder.forecasts, made)
        found = issue.get(chosen.key) if issue else None
    age = (
        now_of(request) - datetime.fromisoformat(issue["made"]) if found and issue else timedelta()
    )
    return page(
        request, "forecasts.html.j2", visitor=visitor, known=known, chosen=chosen, made=made,
        moments={each: datetime.strptime(each, STAMP).replace(tzinfo=UTC) for each in known.issues},
        found=found, skill=_skill(request, chosen), old=not made and age > OLD,
    )  # fmt: skip


@api.get("")
def listed(request: Request, visitor: Annotated[Visitor, SEE]) -> ForecastList:
    """What is forecast, and which issues are kept."""
    service, place = service_of(request), LANGUAGES.index(language_of(request))
    folder = service.folder.made_forecasts
    known = (path for path in folder.glob("*.json") if made_of(path) is not None)
    issues = sorted((path.stem for path in known), reverse=True)
    found = newest(service.folder.forecasts) or {}
    return ForecastList(
        quantities=[
            QuantityBody(key=key, name=service.names.part(key)[place], unit=said.get("unit", ""))
            for key, said in found.items()
            if isinstance(said, dict) and visitor.person.may(Right.SEE, place_of(key))
        ],
        issues=issues,
    )


@api.get("/one", responses=NOTHING)
def one(
    request: Request, _: Annotated[Visitor, SEE_ONE], asked: Annotated[Asked, Query()]
) -> ForecastBody:
    """One forecast, with what was measured from twelve hours before it until its end."""
    service = service_of(request)
    issue = _issue(service.folder.made_forecasts, service.folder.forecasts, asked.made)
    said = issue.get(asked.key) if issue else None
    if issue is None or not isinstance(said, dict):
        raise HTTPException(404, "there is no such forecast; see /api/v1/forecasts")
    start, step = datetime.fromisoformat(said["start"]), timedelta(seconds=said["step"])
    first = start - BEFORE
    steps = len(said["mean"]) + BEFORE // step
    return ForecastBody(
        key=asked.key,
        name=service.names.part(asked.key)[LANGUAGES.index(language_of(request))],
        unit=said.get("unit", ""),
        made=datetime.fromisoformat(issue["made"]),
        start=start,
        step_seconds=said["step"],
        method=said["method"],
        missing=said["missing"],
        levels=said["levels"],
        values=said["values"],
        mean=said["mean"],
        measured_start=first,
        measured=[plain(v) for v in _measured(request, asked.key, first, steps, step).tolist()],
    )


def _issue(folder: Path, last: Path, made: str) -> dict[str, Any] | None:
    """All forecasts of a moment; the newest if none is named."""
    return newest(folder / f"{made}.json" if made else last)


def _measured(request: Request, key: str, start: datetime, steps: int, step: timedelta) -> Floats:
    """Means of a quantity by step; nan where nothing was measured, or the step is not over."""
    network, past = service_of(request).network, request.app.state.past
    assert isinstance(past, Past)
    kinds: dict[str, Kind] = {store.name: "inflow" for store in network.stores}
    for flow in network.flows:
        kinds[flow.name] = "possible" if flow.role == "generation" else "load"
    if key not in kinds:
        return np.full(steps, np.nan)
    measured = Measured(network, {key: Outside(key, kinds[key], "", 0.0, known=False)})
    try:
        readers: Readers = request.app.state.readers
        with readers.place():
            table = past.means(measured.points, start - step, steps + 1, step)
    except InputError:  # no history yet
        return np.full(steps, np.nan)
    over = (now_of(request) - start) // step
    return np.where(np.arange(steps) < over, measured.of(table)[key], np.nan)


@dataclass(frozen=True)
class Row:
    """How good forecasts were so far ahead, in words."""

    ahead: str
    error: str
    persistence: str
    climatology: str
    coverage: str
    words: str


@dataclass(frozen=True)
class Skill:
    """How good the forecasts of a quantity turned out."""

    rating: str
    days: float
    rows: tuple[Row, ...]


def _skill(request: Request, chosen: QuantityBody | None) -> Skill | None:
    """The record of a quantity's forecasts, as the controller keeps it."""
    found = newest(service_of(request).folder.skill)
    said = (found or {}).get("keys", {}).get(chosen.key if chosen else "")
    if not said:
        return None
    language = language_of(request)
    tell = partial(_row, said, language)
    rows = tuple(tell(place) for place in range(len(said["hours"])))
    return Skill(f"{said['rating']:.4g} {said['unit']}", said["days"], rows)


def _row(said: dict[str, Any], language: str, place: int) -> Row:
    hours = said["hours"][place]
    word, much = ("hours", hours) if hours >= 1 else ("minutes", 60 * hours)
    keys = ("error", "persistence", "climatology", "coverage")
    figures: list[float | None] = [said[key][place] for key in keys]
    told = [share(each)[LANGUAGES.index(language)] for each in figures]
    return Row(
        ahead=say("forecasts", word, language, f"{much:g}"),
        error=told[0], persistence=told[1], climatology=told[2], coverage=told[3],
        words="".join(_words(language, figures[0], figures[1:3], figures[3])),
    )  # fmt: skip


def _words(
    language: str, error: float | None, others: list[float | None], coverage: float | None
) -> Iterator[str]:
    """What the figures mean."""
    best = min((each for each in others if each is not None), default=None)
    if error is None or best is None:
        yield say("forecasts", "no skill", language)
        return
    gain = round(100 * (1 - error / best)) if best > 0 else 0
    word = "much better" if gain > 0 else "no better"
    yield say("forecasts", word, language, gain)
    if coverage is not None and coverage < HONEST[0]:
        yield say("forecasts", "narrow", language)
    elif coverage is not None and coverage > HONEST[1]:
        yield say("forecasts", "wide", language)
