"""The plan, live: sliders for sizes, prices and rules; the year is solved anew at each move."""

from __future__ import annotations

from typing import Annotated, Any

import yaml
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from zeroplant.files import load_yaml
from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text
from zeroplant.plant import load_plant
from zeroplant.plant.changes import changed
from zeroplant.portal.access import Right
from zeroplant.portal.answers import answer_told
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.gone import while_there
from zeroplant.portal.language import LANGUAGES, language_of
from zeroplant.portal.pages import page
from zeroplant.portal.studio import BusyError, Knob, written

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/plan", tags=["plan"])
PLAN = needs(Right.PLAN)
BUSY: dict[int | str, dict[str, Any]] = {
    503: {"description": "too many plans wait already; try again in some seconds"}
}


FILE: dict[int | str, dict[str, Any]] = {200: {
    "description": "a plant file", "content": {"application/yaml": {"schema": {
        "type": "object", "description": "a plant, as `zeroplant schema` describes it"}}},
}}  # fmt: skip


class KnobBody(BaseModel):
    """A number of the plant file that may be moved."""

    place: str = Field(description="its place in the plant file, such as assets.wind.power")
    owner: str = Field(description="the asset or section it belongs to")
    label: str = Field(description="what it is called, in the visitor's language")
    kind: str = Field(description="'size' of something to be built, or another 'figure'")
    unit: str = Field(description="unit of value, least and most")
    value: float | None = Field(
        description="as the file says, in its unit; null if the plan chooses"
    )
    least: float = Field(description="lower end of its range, in its unit")
    most: float = Field(description="upper end of its range, in its unit")


class Moved(BaseModel):
    """Where the knobs stand."""

    moved: dict[str, float | None] = Field(
        default_factory=dict, max_length=500,
        description="value of each moved knob, in its unit, by place; null lets the plan choose",
    )  # fmt: skip


class Amount(BaseModel):
    """A quantity with its name and unit."""

    key: str = Field(description="its name in the plant, such as wind.power")
    name: str = Field(description="what it is of, in the visitor's language")
    value: float = Field(description="how much, in its unit")
    unit: str = Field(description="its unit")


class RuleBody(BaseModel):
    """A rule the plant has to keep."""

    rule: str = Field(description="rule pack and indicator")
    title: str = Field(description="what they are called, in the visitor's language")
    value: float | None = Field(
        description="what the plan reaches, 0…1, or in the rule's own unit; null if it has none"
    )
    limit: float = Field(description="what is asked for, in the same unit")
    sense: str = Field(description="'>=' or '<='")
    met: bool | None = Field(description="whether it is kept; null where that cannot be said")


class Planned(BaseModel):
    """The best plan with the knobs where they stand."""

    problems: list[str] = Field(description="why there is no plan, a line each; else empty")
    currency: str = Field("", description="currency of all money")
    cost: float | None = Field(None, description="cost of a year less revenues, currency")
    npv: float | None = Field(None, description="net present value for the owners, currency")
    equity_irr: float | None = Field(None, description="internal rate of return on equity, 1/a")
    project_irr: float | None = Field(None, description="the same of the whole project, 1/a")
    lcoe: float | None = Field(None, description="levelised cost, currency per MWh delivered")
    dscr: float | None = Field(
        None, description="least debt service cover, as many times as is due"
    )
    emissions: float | None = Field(None, description="tCO2 a year")
    matched: float | None = Field(None, description="share of load green in the same hour, 0…1")
    sizes: list[Amount] = Field(default_factory=list, description="what is built")
    energy: list[Amount] = Field(default_factory=list, description="energy of a year, MWh")
    rules: list[RuleBody] = Field(default_factory=list, description="rules, kept or not")
    seconds: float | None = Field(None, description="what building and solving took, s")


@pages.get("/plan")
def plan_page(request: Request, visitor: Annotated[Visitor, PLAN]) -> Response:
    """Sliders, and what the plan becomes."""
    groups: dict[str, list[KnobBody]] = {}
    for knob in knobs(request, visitor):
        groups.setdefault(knob.owner, []).append(knob)
    return page(request, "plan.html.j2", visitor=visitor, groups=groups)


@api.get("/knobs")
def knobs(request: Request, _: Annotated[Visitor, PLAN]) -> list[KnobBody]:
    """What of the plant file may be moved."""
    language = language_of(request)
    return [_knob(each, language) for each in service_of(request).studio.knobs]


@api.post("", responses=BUSY)
async def plan(request: Request, _: Annotated[Visitor, PLAN], knobs: Moved) -> Planned:
    """The best plan with the knobs where they stand; nothing is stored."""
    try:
        outcome = await while_there(request, service_of(request).studio.plan(knobs.moved))
    except BusyError:
        raise HTTPException(503, "too many plans wait already", {"retry-after": "5"}) from None
    if outcome.found["problems"]:
        place = LANGUAGES.index(language_of(request))
        return Planned(problems=[answer_told(each)[place] for each in outcome.found["problems"]])
    return _planned(outcome.found, language_of(request))


@api.post("/file", response_class=Response, responses=FILE)
def plant_file(request: Request, visitor: Annotated[Visitor, PLAN], knobs: Moved) -> Response:
    """The plant file with the knobs where they stand, as YAML; comments are not kept."""
    service = service_of(request)
    changes = written(service.studio.knobs, knobs.moved)
    file = changed(load_yaml(service.studio.path), changes)
    load_plant(service.studio.path, changes)  # refuses what would be no plant
    service.note(visitor.person.name, "saved plan", payload={"changes": changes})
    text = yaml.safe_dump(file.data, allow_unicode=True, sort_keys=False, width=100)
    headers = {"content-disposition": 'attachment; filename="plant.yaml"'}
    return Response(text, media_type="application/yaml", headers=headers)


def _knob(knob: Knob, language: str) -> KnobBody:
    return KnobBody(
        place=knob.place, owner=knob.owner, label=_in(knob.label, language), kind=knob.kind,
        unit=knob.unit, value=knob.value, least=knob.least, most=knob.most,
    )  # fmt: skip


def _planned(found: dict[str, Any], language: str) -> Planned:
    names, money = Names(found["kinds"]), found["finance"]
    units = found["size_units"]
    return Planned(
        problems=[],
        currency=found["currency"],
        cost=found["objective"],
        npv=money.get("npv"),
        equity_irr=money.get("equity_irr"),
        project_irr=money.get("project_irr"),
        lcoe=money.get("lcoe"),
        dscr=money.get("dscr_min"),
        emissions=found["carbon"]["emissions"],
        matched=found["carbon"]["matched"],
        sizes=[
            Amount(key=name, name=_in(names.part(name), language), value=value, unit=units[name])
            for name, value in found["sizes"].items()
        ],
        energy=[
            Amount(key=name, name=_in(names.part(name), language), value=value, unit="MWh")
            for name, value in found["energy_mwh"].items()
            if value > 0.5
        ],
        rules=[_rule(rule, found["titles"], language) for rule in found["rules"]],
        seconds=sum(found["seconds"].values()),
    )  # fmt: skip


def _rule(rule: dict[str, Any], titles: dict[str, tuple[str, str]], language: str) -> RuleBody:
    title = titles[rule["rule"]][LANGUAGES.index(language)]
    kept = ("rule", "value", "limit", "sense", "met")
    return RuleBody(**{key: rule[key] for key in kept}, title=title)


def _in(text: Text, language: str) -> str:
    return text.zh if language == "zh" else text.en
