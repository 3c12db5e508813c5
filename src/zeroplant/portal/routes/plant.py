"""The plant as it is built: its tree, its diagram, and a page for each asset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, Field

from zeroplant.errors import InputError, Problem
from zeroplant.operate.points import asset_of
from zeroplant.plan.report.facts.assumptions import assumptions
from zeroplant.plan.report.text import Text
from zeroplant.portal.access import Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.catalogue import PointOf
from zeroplant.portal.diagram import diagram_of
from zeroplant.portal.figures import figure
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.geography import geography_of
from zeroplant.portal.limits import chosen_sizes
from zeroplant.portal.pages import page
from zeroplant.portal.planned import LONGEST, Planned
from zeroplant.portal.present import Present, present
from zeroplant.portal.readers import Readers
from zeroplant.portal.service import Service
from zeroplant.portal.told import AssetLog, log_of
from zeroplant.portal.tree import branches, bundled, standings
from zeroplant.portal.wording import REASONS, worded

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["schedule"])
SEE = needs(Right.SEE, within=True)
SEE_ASSET = needs(Right.SEE, lambda request: request.path_params["asset"], within=True)
SEE_POINT = needs(Right.SEE, lambda request: place_of(request.path_params["point"]))


class PlannedBody(BaseModel):
    """What was planned of a point, step by step."""

    point: str = Field(description="its name")
    unit: str = Field(description="unit of the values")
    time: list[int] = Field(description="start of each step: ms since 1970-01-01, UTC")
    end: list[int] = Field(description="end of each step: ms since 1970-01-01, UTC")
    made: list[int] = Field(description="when it was planned: ms since 1970-01-01, UTC")
    value: list[float] = Field(
        description="mean of the step in the unit; of a store its level at the end"
    )


@pages.get("/plant")
def plant_page(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    by: Annotated[Literal["kind", "place"], Query()] = "kind",
) -> Response:
    """The assets a visitor may see: where they hang, and what each does now."""
    service, now = service_of(request), present(request, visitor)
    assets = service.catalogue.seen_by(visitor.person)
    standing = standings(assets, service.scene, now)
    sites = {asset.site for asset in assets}
    hung = {node for asset in assets for node in asset.nodes}
    nodes = [name for name in service.plant.nodes if visitor.person.may(Right.SEE) or name in hung]
    drawn = {each.asset.name: each for each in bundled(standing.values())}
    return page(
        request, "plant.html.j2", visitor=visitor, plant=service.plant, now=now, by=by,
        standing=standing, branches=branches(standing, by), drawn=drawn,
        diagram=diagram_of([each.asset for each in drawn.values()], nodes),
        geography=geography_of(
            {name: site for name, site in service.plant.sites.items() if name in sites}
        ),
    )  # fmt: skip


@pages.get("/plant/{asset}")
def asset_page(
    request: Request,
    visitor: Annotated[Visitor, SEE_ASSET],
    asset: Annotated[str, Path(max_length=200)],
    part: Annotated[Literal["now", ""], Query()] = "",
) -> Response:
    """One asset: what it does, was to do and may do; what it was told, and what befell it.

    ``part`` "now" leaves out what does not change from cycle to cycle.
    """
    service, now = service_of(request), present(request, visitor)
    seen = service.catalogue.seen_by(visitor.person)
    found = next((each for each in seen if each.name == asset), None)
    if found is None:
        raise HTTPException(404, f"there is no asset {asset}")
    plant, whole = service.plant, part == ""
    built = whole and visitor.person.may(Right.SEE, asset)
    charted = [point for point in found.points if point.unit]
    return page(
        request, "asset.html.j2", visitor=visitor, plant=plant, now=now, whole=whole,
        standing=standings([found], service.scene, now)[asset],
        facts=assumptions(plant.assets[asset], plant.time.axis, plant.currency) if built else (),
        built=_built(service, asset) if built else (),
        log=_log(request, visitor, asset, now) if whole else None,
        alarms=[each for each in now.alarms if asset_of(each["key"]) == asset],
        operates=lambda point: visitor.person.may(Right.OPERATE, place_of(point)),
        reason=partial(worded, REASONS),
        charted=charted, first=_first(charted, now),
    )  # fmt: skip


@api.get("/planned/{point}", responses={404: {"description": "there is no such point"}})
def planned(
    request: Request,
    _: Annotated[Visitor, SEE_POINT],
    point: Annotated[str, Path(max_length=200, description="name of a flow or store")],
    start: Annotated[AwareDatetime, Query(description="first moment, with its offset")],
    end: Annotated[AwareDatetime, Query(description="up to when, with its offset; 3 days at most")],
) -> PlannedBody:
    """What was planned for each step, by the last schedule made before it, and what is to come."""
    service = service_of(request)
    found = service.catalogue.point(point)
    if found is None:
        raise HTTPException(404, f"there is no point {point}; see /api/v1/points")
    if not timedelta(0) < end - start <= LONGEST:
        raise InputError(Problem("the span is none, or longer than 3 days", "start, end"))
    plans: Planned = request.app.state.planned
    readers: Readers = request.app.state.readers
    with readers.place():
        steps = plans.of(point, start, end)
    return PlannedBody(
        point=point, unit=found.unit, time=[_ms(step.start) for step in steps],
        end=[_ms(step.end) for step in steps], made=[_ms(step.made) for step in steps],
        value=[step.value for step in steps],
    )  # fmt: skip


def _log(request: Request, visitor: Visitor, asset: str, now: Present) -> AssetLog:
    service = service_of(request)
    searches: Readers = request.app.state.searches
    with searches.place(visitor.person.id):
        return log_of(asset, service.logbook, service.teller, now.now, visitor.person)


def _first(points: Sequence[PointOf], now: Present) -> str:
    """The point whose course is shown first: one that is set and moves, else any that moves."""

    def moves(point: PointOf) -> bool:
        value = now.of(point.name).value or 0.0
        return abs(value) > 0.01 * (point.most or 0.0)

    moving = [point for point in points if moves(point)]
    return next((p.name for p in (*(p for p in moving if p.writable), *moving)), "")


def _built(service: Service, asset: str) -> list[tuple[Text, Text]]:
    """The sizes that were chosen for an asset, by what they are called."""
    sizes = chosen_sizes(service.folder.path)
    return [
        (service.names.part(size.name), figure(sizes[size.name], size.unit))
        for size in service.network.sizes
        if size.name in sizes and asset_of(size.name) == asset
    ]


def _ms(moment: datetime) -> int:
    return round(1000 * moment.timestamp())
