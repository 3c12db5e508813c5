"""Set-points by hand: what one would do, the yes of its maker, the yes of a second person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from zeroplant.portal import desk
from zeroplant.portal.access import Person, Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.access.proposals import State
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.language import language_of, say
from zeroplant.portal.orders_held import HeldOrder
from zeroplant.portal.pages import page
from zeroplant.portal.setpoints import WITHDRAW, Ask, unit_of
from zeroplant.portal.wording import ORDER_KINDS

pages = APIRouter(include_in_schema=False)
OPERATE = needs(Right.OPERATE, within=True)
IN_PERSON = needs(Right.OPERATE, within=True, in_person=True)
LENGTHS = (15, 30, 60, 120, 240, 480, 1440)
"""Minutes a set-point may be asked to hold, on the page."""
PLANT_WIDE = ("target", "most export", "least export")
Name = Annotated[str, Path(pattern=r"^[a-f0-9]{16}$", description="id of the set-point")]
OrderName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="name of the order")]


class SetpointForm(BaseModel):
    """What the form says; ``what`` is a kind, or "device:" and the flow."""

    what: str = Field(max_length=220, description="kind of order, or 'device:' and the flow")
    value: float = Field(description="the power, in the unit of what is set")
    start: str = Field("", max_length=30, description="local time; empty for now")
    minutes: int = Field(60, ge=1, le=1440, description="how long it holds, min")
    reason: str = Field("", max_length=500, description="why")


@pages.get("/grid/set-point")
def setpoint_page(
    request: Request,
    visitor: Annotated[Visitor, OPERATE],
    key: Annotated[str, Query(max_length=200)] = "",
    asked: Annotated[str, Query(pattern=r"^([a-f0-9]{16})?$")] = "",
) -> Response:
    """The form for a set-point; ``key`` names the flow of a device to begin with.

    ``asked`` is the withdrawal of an order by somebody who may not see the grid's page.
    """
    return _form(request, visitor, {"what": f"device:{key}" if key else ""}, asked=asked)


@pages.post("/grid/set-point")
def ask_on_page(
    request: Request, visitor: Annotated[Visitor, OPERATE], form: Annotated[SetpointForm, Form()]
) -> Response:
    """Keep what is asked for and show what it would do; the form again where it cannot be."""
    zone = service_of(request).plant.time.zone
    ask = asked_for(form, desk.known_to(request).now, zone)
    if ask is None:
        return _form(request, visitor, vars(form), [("no moment", ())])
    found, proposal = desk.ask_for(request, visitor, ask)
    if proposal is None:
        return _form(request, visitor, vars(form), found.problems)
    return RedirectResponse(f"/grid/set-point/{proposal.id}", 303)


@pages.get("/grid/set-point/{name}")
def proposal_page(
    request: Request,
    visitor: Annotated[Visitor, OPERATE],
    name: Name,
    changed: bool = False,
) -> Response:
    """What a set-point would do now, how far it has come, and what may be done about it."""
    found = desk.proposal_of(request, visitor, name)
    service, ask = service_of(request), desk.asked(found)
    return page(
        request, "proposal.html.j2", visitor=visitor, proposal=found,
        preview=desk.previewed(request, ask, found.person, name), label=label(request, ask),
        looks=visitor.person.may(Right.OPERATE, ask.place),
        above=service.needs_second_above(service.limits),
        maker=name_of(request, found.person), decider=name_of(request, found.decider),
        own=found.person == visitor.person.id, changed=changed,
        answer=desk.answer_to(service.folder, name),
    )  # fmt: skip


@pages.post("/grid/set-point/{name}/{step}")
def step_on_page(
    request: Request, visitor: Annotated[Visitor, IN_PERSON], name: Name, step: str
) -> Response:
    """Confirm, approve or refuse a set-point."""
    steps = {"confirm": desk.confirm, "approve": desk.agree, "refuse": desk.refuse}
    done = steps[step](request, visitor, name) if step in steps else None
    return RedirectResponse(f"/grid/set-point/{name}" + ("" if done else "?changed=1"), 303)


@pages.get("/grid/orders/{name}/withdraw")
def withdraw_page(
    request: Request, visitor: Annotated[Visitor, OPERATE], name: OrderName
) -> Response:
    """From what to what the plant goes without an order, before anybody withdraws it."""
    held = desk.held_by(request, visitor, name)
    service = service_of(request)
    return page(
        request, "withdraw.html.j2", visitor=visitor, held=held, label=about(request, held),
        goes=desk.released(request, held), above=service.needs_second_above(service.limits),
    )  # fmt: skip


@pages.post("/grid/orders/{name}/withdraw")
def withdraw_on_page(
    request: Request, visitor: Annotated[Visitor, IN_PERSON], name: OrderName
) -> Response:
    """Take back an order; the controller drops it, once a second person agrees where one must."""
    own, waits = desk.withdraw(request, visitor, name)
    if waits:
        return RedirectResponse(f"/grid/set-point/{own}", 303)
    to = "/grid" if visitor.person.may(Right.SEE) else "/grid/set-point"
    return RedirectResponse(f"{to}?asked={own}", 303)


def label(request: Request, ask: Ask) -> str:
    """What an ask is about, in the visitor's language."""
    if ask.kind != WITHDRAW:
        return _words(request, ask.kind, ask.key)
    what = _words(request, WITHDRAW, "")
    return f"{what}: {_words(request, 'device', ask.flow)}" if ask.flow else what


def about(request: Request, held: HeldOrder) -> str:
    """What an order is about, in the visitor's language."""
    return _words(request, held.order.kind, held.order.key)


def _words(request: Request, kind: str, key: str) -> str:
    both = service_of(request).names.part(key) if kind == "device" else ORDER_KINDS.get(kind)
    if both is None:
        return kind
    return both.zh if language_of(request) == "zh" else both.en


def name_of(request: Request, person: int | None) -> str:
    """What a person is called; empty for nobody."""
    found = None if person is None else service_of(request).accounts.person(person)
    return found.name if found else ""


def on_way(request: Request, person: Person) -> list[dict[str, Any]]:
    """Set-points that wait for a second person, as a page lists them."""
    found = [p for p in desk.listed_for(request, person) if p.state is State.WAITING]
    limits = service_of(request).limits
    return [
        {"proposal": each, "label": label(request, desk.asked(each)),
         "unit": unit_of(desk.asked(each), limits),
         "maker": name_of(request, each.person), "own": each.person == person.id}
        for each in found
    ]  # fmt: skip


def _form(
    request: Request, visitor: Visitor, filled: dict[str, Any], problems: Any = (), asked: str = ""
) -> Response:
    service, language = service_of(request), language_of(request)
    limits, person = service.limits, visitor.person
    plant = [(kind, ORDER_KINDS[kind]) for kind in PLANT_WIDE if person.may(Right.OPERATE)]
    devices = [
        (f"device:{name}", service.names.part(name), limits.flows[name])
        for name in limits.settable
        if person.may(Right.OPERATE, place_of(name))
    ]
    return page(
        request, "setpoint.html.j2", visitor=visitor, status=422 if problems else 200,
        problems=[say("setpoint", word, language, *values) for word, values in problems],
        filled=filled, plant=plant, devices=devices, limits=limits, lengths=LENGTHS,
        now=desk.known_to(request).now, above=service.needs_second_above(limits),
        waiting=on_way(request, person), asked=asked,
        answer=desk.answer_for(request, person, asked),
    )  # fmt: skip


def asked_for(form: SetpointForm, now: datetime, zone: str) -> Ask | None:
    """What a form asks for at a moment in a zone; None where its moment cannot be read.

    An hour is an hour also where clocks are set.
    """
    kind, _, key = form.what.partition(":")
    try:
        start = datetime.fromisoformat(form.start) if form.start else now
        if start.tzinfo is None:
            start = start.replace(tzinfo=ZoneInfo(zone))
        start = start.astimezone(UTC)
        until = start + timedelta(minutes=form.minutes)
    except (ValueError, OverflowError):
        return None
    return Ask(kind, key, form.value, start, until, form.reason)
