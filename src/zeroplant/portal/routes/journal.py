"""The journal: what was known, decided, ordered and done, and by whom."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, Field

from zeroplant.portal.access import Right
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.pages import page
from zeroplant.portal.readers import Readers
from zeroplant.portal.routes.bodies import Words
from zeroplant.portal.stream import (
    GROUPS,
    USUAL,
    Place,
    Question,
    State,
    Stream,
    Stretch,
    state_of,
)
from zeroplant.store import Record

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["journal"])
SEE = needs(Right.SEE, within=True)
MOST = 50
EVERY, SIFTED_EVERY = 5, 30
"""Seconds after which the page looks anew; what is rare is long to look for."""
LONGEST = 1500
"""Characters of a record as it was written that the page shows."""
LARGEST = 2**53
FIRST, LAST = 1970, 9000
"""Years that a page is asked for; at the ends of the calendar clocks of other zones run out."""


class JournalForm(BaseModel):
    """What the page looks for; moments as the plant's clock on the wall shows them."""

    group: list[str] = Field([], max_length=20)
    since: str = Field("", max_length=40)
    until: str = Field("", max_length=40)
    asset: str = Field("", max_length=200)
    person: str = Field("", max_length=64)
    before: int = Field(0, ge=0, le=LARGEST)
    deeds: int = Field(0, ge=0, le=LARGEST)


class JournalQuery(BaseModel):
    """What another system looks for."""

    group: list[str] = Field(
        [], max_length=20, description=f"any of {', '.join(GROUPS)}; the usual ones if none"
    )
    since: AwareDatetime | None = Field(None, description="not before this, on the plant's clock")
    until: AwareDatetime | None = Field(None, description="not after this, on the plant's clock")
    asset: str = Field("", max_length=200, description="only what is about this asset")
    person: str = Field("", max_length=64, description="only what this person did")
    before: int = Field(0, ge=0, le=LARGEST, description="number in the journal to go on before")
    deeds_before: int = Field(
        0, ge=0, le=LARGEST, description="number in the diary to go on before"
    )
    limit: int = Field(MOST, ge=1, le=200, description="number of records at most")


class RecordBody(BaseModel):
    """A record of the journal, or of the diary of what people did."""

    diary: bool = Field(description="whether it is of the diary; else of the plant's journal")
    number: int = Field(description="its number there, from 1 on")
    kind: str = Field(description="what kind of record it is")
    key: str = Field(description="what it is about")
    event: datetime = Field(description="when it was or is for, on the plant's clock, UTC")
    known: datetime = Field(description="when it became known, UTC")
    who: str = Field(description="the person; empty for the controller's own doing")
    place: str = Field(
        description="place in the plant's tree it is about, such as battery or battery/charge; "
        "empty for the whole plant"
    )
    what: Words = Field(description="what it says, in words")
    why: Words = Field(description="why, in words")
    written: str = Field(description="what the record holds, as it was written: JSON text")
    hash: str = Field(description="SHA-256 of the hash before it and of the record")


class ChainBody(BaseModel):
    """How far a chain of hashes has been followed."""

    first: int = Field(
        description="number of the first record that is known to follow; 1 where all do"
    )
    last: int = Field(description="number of the last record")
    wrong: str = Field(description="what is wrong; empty where nothing is")


class JournalBody(BaseModel):
    """A part of the stream of journal and diary, the newest first."""

    records: list[RecordBody] = Field(description="records that were asked for")
    before: int = Field(description="number in the journal to go on before; 1: nothing is left")
    deeds_before: int = Field(description="number in the diary to go on before; 1: nothing is left")
    journal: ChainBody = Field(description="state of the journal's chain")
    diary: ChainBody = Field(description="state of the diary's chain")


@pages.get("/journal")
def journal_page(
    request: Request, visitor: Annotated[Visitor, SEE], form: Annotated[JournalForm, Query()]
) -> Response:
    """The stream of what was done, with what to look for."""
    service, zone = service_of(request), ZoneInfo(service_of(request).plant.time.zone)
    query = {**form.model_dump(), "group": [g for g in form.group if g in GROUPS] or list(USUAL)}
    since, until = local_moment(form.since, zone), local_moment(form.until, zone)
    query |= {"since": clocked(since, zone), "until": clocked(until, zone)}
    asked = Question(query["group"], since, until, form.asset, form.person)
    found = _read(request, visitor, asked, Place(form.before, form.deeds), MOST)
    newest = not form.before and not form.deeds
    every = SIFTED_EVERY if form.asset or form.person else EVERY
    return page(
        request, "journal.html.j2", visitor=visitor, stretch=found.stretch, groups=GROUPS,
        query=query, every=every if newest else None, raw=_raw,
        older=query | {"before": found.stretch.older.journal, "deeds": found.stretch.older.diary},
        assets=[each.name for each in service.catalogue.seen_by(visitor.person)],
        people=_people(request, visitor),
        chain=found.journal, deeds_chain=found.diary,
    )  # fmt: skip


@api.get("/journal")
def journal(
    request: Request, visitor: Annotated[Visitor, SEE], query: Annotated[JournalQuery, Query()]
) -> JournalBody:
    """The stream of journal and diary, the newest first; go on with what it ends with."""
    if wrong := [each for each in query.group if each not in GROUPS]:
        raise HTTPException(422, f"there is no group {wrong[0]!a}; write {', '.join(GROUPS)}")
    groups = query.group or list(USUAL)
    asked = Question(groups, query.since, query.until, query.asset, query.person)
    found = _read(request, visitor, asked, Place(query.before, query.deeds_before), query.limit)
    return JournalBody(
        records=[
            RecordBody(
                diary=each.deed, number=each.record.number, kind=each.record.kind,
                key=each.record.key, event=each.record.event, known=each.record.known,
                who=each.told.who, place=each.told.place, what=Words.of(each.told.what),
                why=Words.of(each.told.why), written=_written(each.record),
                hash=each.record.hash,
            )
            for each in found.stretch.entries
        ],
        before=found.stretch.older.journal, deeds_before=found.stretch.older.diary,
        journal=_chain(found.journal), diary=_chain(found.diary),
    )  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """A part of the stream, and the state of both chains."""

    stretch: Stretch
    journal: State
    diary: State


def _read(request: Request, visitor: Visitor, asked: Question, place: Place, most: int) -> _Found:
    service = service_of(request)
    stream = Stream(service.logbook, service.deeds, service.teller, visitor.person)
    searches: Readers = request.app.state.searches
    with searches.place(visitor.person.id):
        stretch = stream.read(asked, place, most)
        return _Found(stretch, state_of(service.logbook), state_of(service.deeds))


def _people(request: Request, visitor: Visitor) -> list[str]:
    """Whom somebody may look for by name: all people for who manages them, else themselves."""
    if not visitor.person.may(Right.MANAGE):
        return [visitor.person.name]
    return [each.name for each in service_of(request).accounts.everybody()]


def _chain(state: State) -> ChainBody:
    return ChainBody(first=state[0], last=state[1], wrong=state[2])


def local_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A moment on the plant's wall clock; None for nothing, or nothing that can be read."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment if FIRST <= moment.year <= LAST else None


def clocked(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment as a field of a form has it, on the plant's clock."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S") if moment else ""


def _written(record: Record) -> str:
    """What a record holds, as JSON."""
    return json.dumps(dict(record.payload), ensure_ascii=False)


def _raw(payload: Any) -> str:
    """A record as it was written, as far as a page shows it."""
    text = json.dumps(payload, ensure_ascii=False, indent=1)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
