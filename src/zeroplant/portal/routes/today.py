"""Today so far: what the plant earned, used and emitted since midnight, and the price now."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812  # a field of the body is called so
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from zeroplant.plan.report.text import Text
from zeroplant.portal.access import Right
from zeroplant.portal.figures import figure, span
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.language import language_of
from zeroplant.portal.newest import newest
from zeroplant.portal.pages import page
from zeroplant.portal.present import present
from zeroplant.portal.scene import over_an_hour
from zeroplant.portal.unmeasured import unmeasured

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["live"])
SEE = needs(Right.SEE)
LATE = timedelta(minutes=40)
"""Age of what was measured after which it is no word of now: a quarter-hour, one more, and some."""
NOTHING: dict[int | str, dict[str, Any]] = {404: {"description": "nothing was measured today yet"}}


class EnergyBody(BaseModel):
    """Electricity since midnight, as far as it was measured."""

    imported: float | None = Field(description="bought from the grid, MWh")
    exported: float | None = Field(description="sold to the grid, MWh")
    generated: float | None = Field(description="generated, MWh")
    used: float | None = Field(description="used by loads, MWh")


class AmountBody(BaseModel):
    """A line of the ledger since midnight."""

    name: str = Field(description="whose it is and what for, in the visitor's language")
    amount: float | None = Field(description="money the plant pays; negative is received")


class MoneyBody(BaseModel):
    """Money that moves with energy; capacity charges and fixed costs are not in it."""

    lines: list[AmountBody] = Field(description="by line of the ledger")
    total: float | None = Field(description="money the plant pays; negative is received")
    currency: str = Field(description="currency of all amounts")


class CarbonBody(BaseModel):
    """Emissions since midnight."""

    kg: float | None = Field(description="emitted, kgCO2")
    kg_per_mwh_now: float | None = Field(
        description="for each MWh used in the last measured quarter-hour, kgCO2/MWh"
    )
    source: str = Field(description="by which factors")


class PriceBody(BaseModel):
    """The price in the step of the schedule that runs now."""

    node: str = Field(description="node of the plant it holds at")
    value: float = Field(description="money per unit")
    unit: str = Field(description="its unit")
    made: datetime = Field(description="when the schedule was made, UTC")


class TodayBody(BaseModel):
    """Today so far, as measured."""

    date: Date = Field(description="day on the plant's clock")
    until: datetime = Field(description="end of the last quarter-hour that is in it, UTC")
    age_seconds: float = Field(description="time since then on the plant's clock, s")
    energy: EnergyBody = Field(description="electricity")
    money: MoneyBody = Field(description="money")
    carbon: CarbonBody = Field(description="emissions")
    price: PriceBody | None = Field(description="price of electricity now; null if not scheduled")
    unknown: list[str] = Field(description="what was not measured, a line each")


@pages.get("/today")
def today_part(request: Request, visitor: Annotated[Visitor, SEE]) -> Response:
    """The part of the overview that tells of today, by itself, for it to be renewed."""
    return page(request, "today.html.j2", visitor=visitor, **spoken(request, visitor))


@api.get("/today", responses=NOTHING)
def today(request: Request, visitor: Annotated[Visitor, SEE]) -> TodayBody:
    """What was used, earned and emitted since midnight, and the price now."""
    service = service_of(request)
    found = newest(service.folder.today)
    if found is None:
        raise HTTPException(404, "nothing was measured today yet")
    place = 1 if language_of(request) == "zh" else 0
    names, seen = service.names, present(request, visitor)
    until = datetime.fromisoformat(found["until"])
    lines = [
        AmountBody(name=f"{line['who']}: {names.phrase(line['what'], line['who'])[place]}",
                   amount=line["amount"])
        for line in found["money"]["lines"]
    ]  # fmt: skip
    tongue = ("en", "zh")[place]
    return TodayBody(
        date=found["date"], until=until, age_seconds=(seen.now - until).total_seconds(),
        energy=EnergyBody(**found["energy"]),
        money=MoneyBody(**{**found["money"], "lines": lines}),
        carbon=CarbonBody(**{**found["carbon"], "source": found["carbon"]["source"][tongue]}),
        price=_price(request, seen.now),
        unknown=[each[place] for each in unmeasured(found["unknown"], names)],
    )  # fmt: skip


def spoken(request: Request, visitor: Visitor) -> dict[str, Any]:
    """What the part of the overview speaks of."""
    try:
        found: TodayBody | None = today(request, visitor)
    except HTTPException:
        found = None
    now = present(request, visitor).now
    zone = ZoneInfo(service_of(request).plant.time.zone)
    price = found.price if found else _price(request, now)
    late = found is not None and found.age_seconds > LATE.total_seconds()
    return {
        "found": found,
        "late": late,
        "price": price,
        "said": {} if found is None else _said(found, late=late),
        "other_day": found is not None and found.date != now.astimezone(zone).date(),
        "price_text": figure(price.value, price.unit) if price else None,
        "age": span(found.age_seconds) if found else None,
    }


def _said(found: TodayBody, *, late: bool) -> dict[str, Text]:
    """The figures of the tiles, by name."""
    money, carbon, energy = found.money, found.carbon, found.energy
    tonnes = None if carbon.kg is None else carbon.kg / 1e3
    return {
        "money": figure(None if money.total is None else abs(money.total), money.currency),
        "carbon": figure(tonnes, "tCO2"),
        "now": figure(None if late else carbon.kg_per_mwh_now, "kgCO2/MWh"),
        **{name: figure(value, "MWh") for name, value in energy},
        **{line.name: figure(None if line.amount is None else abs(line.amount), money.currency)
           for line in money.lines},
    }  # fmt: skip


def _price(request: Request, now: datetime) -> PriceBody | None:
    """The price of the first node of electricity in the step that runs now."""
    service = service_of(request)
    found = newest(service.folder.schedule)
    if found is None:
        return None
    start, step = datetime.fromisoformat(found["start"]), timedelta(seconds=found["step_seconds"])
    place = (now - start) // step
    for node in service.network.nodes:
        prices = found["price"].get(node.name)
        if node.carrier == "electricity" and prices and 0 <= place < len(prices):
            unit = f"{service.plant.currency}/{over_an_hour(node.unit)}"
            return PriceBody(node=node.name, value=prices[place], unit=unit,
                             made=datetime.fromisoformat(found["made"]))  # fmt: skip
    return None
