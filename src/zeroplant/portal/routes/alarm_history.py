"""What became of alarms, by kind, asset, time and what happened; the newest first, leaf by leaf."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from zeroplant.operate.points import asset_of
from zeroplant.portal.access import Person, Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.alarm_board import shelved_for
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.logbook import Leaf, Wanted
from zeroplant.portal.pages import page
from zeroplant.portal.present import now_of
from zeroplant.portal.readers import Readers
from zeroplant.portal.routes.journal import clocked, local_moment
from zeroplant.portal.wording import ALARM_KINDS, CHANGES, worded
from zeroplant.store import Record

pages = APIRouter(include_in_schema=False)
SEE = needs(Right.SEE, within=True)
MOST = 50
LARGEST = 2**53


class Sieve(BaseModel):
    """Which records; moments as the plant's clock on the wall shows them, empty for any."""

    kind: str = Field("", max_length=100)
    asset: str = Field("", max_length=200)
    change: Literal["", "raised", "cleared", "acknowledged", "shelved", "unshelved"] = ""
    since: str = Field("", max_length=40)
    until: str = Field("", max_length=40)
    before: int = Field(0, ge=0, le=LARGEST)


@pages.get("/alarms/history")
def history_page(
    request: Request, visitor: Annotated[Visitor, SEE], sieve: Annotated[Sieve, Query()]
) -> Response:
    """What has become of alarms, the newest first."""
    service, zone = service_of(request), ZoneInfo(service_of(request).plant.time.zone)
    since, until = local_moment(sieve.since, zone), local_moment(sieve.until, zone)
    searches: Readers = request.app.state.searches
    with searches.place(visitor.person.id):
        leaf = history(request, visitor.person, sieve, since, until)
    asked = sieve.model_dump() | {"since": clocked(since, zone), "until": clocked(until, zone)}
    now = now_of(request)
    return page(
        request, "alarm_history.html.j2", visitor=visitor, asked=asked, back=leaf.back,
        history=[(each, service.teller.told(each), _left(each, now)) for each in leaf.records],
        older=f"/alarms/history?{urlencode(asked | {'before': leaf.older})}" if leaf.older else "",
        newest=f"/alarms/history?{urlencode(asked | {'before': 0})}" if sieve.before else "",
        assets=[each.name for each in service.catalogue.seen_by(visitor.person)],
        kinds=ALARM_KINDS, changes=CHANGES, kind=lambda code: worded(ALARM_KINDS, code), most=MOST,
    )  # fmt: skip


def history(
    request: Request, person: Person, sieve: Sieve, since: datetime | None, until: datetime | None
) -> Leaf:
    """What happened to alarms that somebody may see and that are asked for."""

    def maybe(_: str, name: str) -> bool:
        code, _, key = name.partition(": ")
        of = not sieve.asset or asset_of(key) == sieve.asset
        return of and sieve.kind in ("", code)

    def seen(record: Record) -> bool:
        happened = sieve.change in ("", record.payload.get("change"))
        return happened and person.may(Right.SEE, place_of(str(record.payload.get("key", ""))))

    wanted = Wanted(("alarm",), since, until, test=seen, maybe=maybe)
    return service_of(request).logbook.leaf(wanted, sieve.before, MOST)


def _left(record: Record, now: datetime) -> float:
    """Seconds for which an alarm that was shelved then stays so; 0 if it is not any more."""
    said = record.payload
    return shelved_for(said, now) if said.get("change") == "shelved" else 0.0
