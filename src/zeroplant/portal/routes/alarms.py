"""Alarms: what is wrong now, and what a person does about it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field, model_validator

from zeroplant.operate.folder import PlantFolder, answered, submit
from zeroplant.operate.wish import Wish
from zeroplant.portal.access import Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.alarm_board import Shelved, board
from zeroplant.portal.desk import answer_for
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.pages import page
from zeroplant.portal.present import present

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["alarms"])
SEE = needs(Right.SEE, within=True)
OPERATE = needs(Right.OPERATE, within=True)
DAY = 1440
"""Minutes for which an alarm may be shelved at most: whoever takes over hears of it again."""
SHELVES = (15, 30, 60, 240, 480, DAY)


class AlarmWish(BaseModel):
    """What to do about an alarm."""

    code: str = Field(min_length=1, max_length=100, description="kind of alarm")
    key: str = Field(max_length=200, description="what it is about")
    minutes: float = Field(
        0.0, ge=0, le=DAY, description="0 to acknowledge; else shelve it for so long, min"
    )
    reason: str = Field(
        "", max_length=500, description="why, for the journal; needed where it is shelved"
    )

    @model_validator(mode="after")
    def _reasoned(self) -> AlarmWish:
        if self.minutes > 0 and not self.reason.strip():
            what = "an alarm is shelved with a reason: who knows of it, what is done"
            raise ValueError(what)
        return self


class ShelfWish(AlarmWish):
    """What the form to shelve says: there a time and a reason are asked for."""

    minutes: float = Field(gt=0, le=DAY, description="for how long, min")
    reason: str = Field(min_length=1, max_length=500, pattern=r"\S", description="why")


class Handed(BaseModel):
    """A wish that was handed to the controller."""

    id: str = Field(description="under which the answer is asked for")


@pages.get("/alarms")
def alarms_page(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    asked: Annotated[str, Query(pattern=r"^([a-f0-9]{16})?$")] = "",
) -> Response:
    """All alarms by what they call for."""
    now, folder = present(request, visitor), service_of(request).folder
    return page(
        request, "alarms.html.j2", visitor=visitor, now=now,
        board=board(now.alarms, now.now, _shelving(folder)), asked=asked,
        answer=answer_for(request, visitor.person, asked),
        may=lambda alarm: visitor.person.may(Right.OPERATE, place_of(alarm["key"])),
    )  # fmt: skip


@pages.get("/alarms/count")
def count_fragment(request: Request, visitor: Annotated[Visitor, SEE]) -> Response:
    """The counts in the head of every page, for a page that renews them."""
    return page(request, "_alarm_count.html.j2", visitor=visitor)


@pages.get("/alarms/shelve")
def shelve_page(
    request: Request,
    visitor: Annotated[Visitor, OPERATE],
    code: Annotated[str, Query(min_length=1, max_length=100)],
    key: Annotated[str, Query(max_length=200)],
) -> Response:
    """The form to shelve an alarm, with a reason."""
    return page(request, "shelve.html.j2", visitor=visitor, lengths=SHELVES,
                alarm=_alarm(request, visitor, code, key))  # fmt: skip


@pages.post("/alarms/acknowledge")
def acknowledge_on_page(
    request: Request, visitor: Annotated[Visitor, OPERATE], wish: Annotated[AlarmWish, Form()]
) -> Response:
    """Somebody has seen an alarm."""
    seen = AlarmWish(code=wish.code, key=wish.key)
    return RedirectResponse(f"/alarms?asked={_hand(request, visitor, seen)}", 303)


@pages.post("/alarms/shelve")
def shelve_on_page(
    request: Request, visitor: Annotated[Visitor, OPERATE], wish: Annotated[ShelfWish, Form()]
) -> Response:
    """Keep an alarm out of the way for a time, with a reason."""
    return RedirectResponse(f"/alarms?asked={_hand(request, visitor, wish)}", 303)


@api.post("/alarms", status_code=202)
def alarm(request: Request, visitor: Annotated[Visitor, OPERATE], wish: AlarmWish) -> Handed:
    """Acknowledge an alarm, or shelve it; the controller does it and writes down who asked."""
    return Handed(id=_hand(request, visitor, wish))


def _hand(request: Request, visitor: Visitor, wish: AlarmWish) -> str:
    """Put a wish about an alarm into the inbox; under what id it is answered. Raises 403."""
    service, place = service_of(request), place_of(wish.key)
    if not visitor.person.may(Right.OPERATE, place):
        service.refused(visitor.person.name, request.url.path)
        raise HTTPException(403, f"this needs the right to operate at {place}")
    now = present(request, visitor).now
    until = now + timedelta(minutes=wish.minutes or DAY)
    name, key = secrets.token_hex(8), f"{wish.code}: {wish.key}"
    kind = "shelve" if wish.minutes else "acknowledge"
    who, reason = visitor.person.name, wish.reason.strip()
    service.note(who, kind, key, {"order": name, "reason": reason})
    submit(service.folder, Wish(name, who, kind, 0.0, now, until, key, reason))
    return name


def _alarm(request: Request, visitor: Visitor, code: str, key: str) -> Mapping[str, Any]:
    """An alarm that holds and somebody may shelve. Raises 404 or 403."""
    found = [each for each in present(request, visitor).alarms
             if (each["code"], each["key"]) == (code, key)]  # fmt: skip
    if not found:
        raise HTTPException(404, "there is no such alarm any more")
    if not visitor.person.may(Right.OPERATE, place_of(key)):
        raise HTTPException(403, f"this needs the right to operate at {place_of(key)}")
    return found[0]


def _shelving(folder: PlantFolder) -> dict[str, Shelved]:
    """Who shelved which alarm last, and why."""
    wishes = [wish for _, wish, said in answered(folder) if wish and said.get("accepted") is True]
    wishes = sorted((w for w in wishes if w.kind == "shelve"), key=lambda wish: wish.start)
    return {wish.key: Shelved(wish.person, wish.reason) for wish in wishes}
