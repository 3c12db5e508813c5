"""The desk at which set-points are asked for, agreed to, handed over and withdrawn.

Pages and the API both come here, so that rights are asked and the diary is written in one place:
who said what is in the diary before anything reaches the controller.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from fastapi import HTTPException, Request
from sqlalchemy.exc import OperationalError

from zeroplant.operate.folder import PlantFolder, submit, wish_of
from zeroplant.operate.schedule import Schedule
from zeroplant.operate.wish import Wish
from zeroplant.portal.access import Person, Right
from zeroplant.portal.access.places import place_of
from zeroplant.portal.access.proposals import Proposal, State, Wanted
from zeroplant.portal.gate import Visitor, service_of
from zeroplant.portal.moments import age, is_old
from zeroplant.portal.orders_held import HeldOrder, held_orders
from zeroplant.portal.planned import Planned
from zeroplant.portal.present import image_of, now_of
from zeroplant.portal.setpoints import (
    WITHDRAW,
    Ask,
    Known,
    Preview,
    Release,
    preview,
    release,
    unit_of,
)

MOST = 10_000
"""Set-points of the last days that are looked at for what somebody moves alone."""
ASKED = ("asked for a set-point", "asked for a withdrawal")
"""What the diary calls it that somebody confirmed a set-point, or the withdrawal of an order."""
LOOKED_AT = (State.WAITING, State.AGREED, State.HANDED, State.REFUSED, State.LAPSED)


def known_to(request: Request, alone: float = 0.0) -> Known:
    """What a set-point is compared with; ``alone`` as in `Known`."""
    service, image, now = service_of(request), image_of(request), now_of(request)
    old = is_old(age(image, service.clock.now()))
    orders = [each.order for each in orders_of(request)]
    return Known(now, None if old else image, schedule_of(service.folder), orders, alone)


def schedule_of(folder: PlantFolder) -> Schedule | None:
    """The schedule in force; None where there is none that can be read."""
    try:
        return Schedule.from_json(folder.schedule.read_bytes())
    except (OSError, ValueError):
        return None


def previewed(request: Request, ask: Ask, person: int, name: str = "") -> Preview:
    """What a set-point of a person would do, by what is known now; ``name`` is its own id."""
    service = service_of(request)
    if ask.kind == WITHDRAW:
        return _withdrawal(request, ask)
    limits, known = service.limits, known_to(request, moved_alone(request, ask, person, name))
    return preview(ask, known, limits, service.needs_second_above(limits))


def _withdrawal(request: Request, ask: Ask) -> Preview:
    """What the withdrawal of an order would do; a problem where it has gone by now."""
    name, limits = ask.key.partition(" ")[0], service_of(request).limits
    held = next((each for each in orders_of(request) if each.name == name), None)
    if held is None:
        gone = (("no such order", ()),)
        return Preview(
            ask, unit_of(ask, limits), None, None, (0.0, 0.0), None, ask.value, True, gone, ()
        )
    goes = released(request, held)
    bounds = limits.least_export, limits.most_export
    return Preview(ask, goes.unit, goes.present, goes.planned, bounds, goes.raises, ask.value,
                   goes.second, (), ())  # fmt: skip


def released(request: Request, held: HeldOrder) -> Release:
    """From what to what the plant goes without an order."""
    limits = service_of(request).limits
    above = service_of(request).needs_second_above(limits)
    known = replace(known_to(request), schedule=_without(request, held))
    return release(held.order, known, limits, above)


def _without(request: Request, held: HeldOrder) -> Schedule | None:
    """The last plan that was made without an order: those made since are made to keep it.

    A device is told past the plan, so for orders of devices it is the plan in force.
    """
    plan, since = schedule_of(service_of(request).folder), held.since or held.order.start
    if plan is None or held.order.kind == "device" or plan.made < since:
        return plan
    plans: Planned = request.app.state.planned
    before = (each for each in plans.made(since, since) if each.made < since)
    return max(before, key=lambda each: each.made, default=None)


def orders_of(request: Request) -> list[HeldOrder]:
    """All orders that have not lapsed."""
    return held_orders(service_of(request).folder, image_of(request), now_of(request))


def moved_alone(request: Request, ask: Ask, person: int, name: str = "") -> float:
    """MW that a person moves with nobody's consent at the time of an ask, but for ``name``.

    What never reached the controller, or it refused, or was withdrawn, moves nothing.
    """
    service, moved = service_of(request), 0.0
    for each in service.proposals.listed((State.AGREED, State.HANDED), MOST):
        want, there = each.wanted, _as_handed(service.folder, each).state is State.HANDED
        beside = there and want.until > ask.start and want.start < ask.until
        if each.id == name or each.person != person or want.second or not beside:
            continue
        answer = answer_to(service.folder, each.id) or {"accepted": True}
        if answer.get("accepted") and "withdrawn" not in answer:
            moved += want.moves or 0.0
    return moved


def ask_for(request: Request, visitor: Visitor, ask: Ask) -> tuple[Preview, Proposal | None]:
    """Keep a set-point to be confirmed; no proposal where something forbids it. Raises 403."""
    require(request, visitor, ask.place)
    found = previewed(request, ask, visitor.person.id)
    if found.problems:
        return found, None
    wanted = Wanted(ask.kind, ask.key, ask.value, ask.start, ask.until, ask.reason.strip(),
                    found.moves, found.second)  # fmt: skip
    return found, service_of(request).proposals.show(visitor.person.id, wanted)


def proposal_of(request: Request, visitor: Visitor, name: str) -> Proposal:
    """A proposal somebody may look at: their own, or where they may operate. Raises 404."""
    found = service_of(request).proposals.find(name)
    if found is None or not may_look(visitor.person, found):
        raise HTTPException(404, "there is no such set-point")
    return _as_handed(service_of(request).folder, found)


def _as_handed(folder: PlantFolder, found: Proposal) -> Proposal:
    """A set-point as it is: in the inbox is handed over, also where that could not be noted."""
    if found.state is State.AGREED and wish_of(folder, found.id) is not None:
        return replace(found, state=State.HANDED)
    return found


def listed_for(request: Request, person: Person) -> list[Proposal]:
    """Set-points on their way that somebody may look at, the newest first."""
    service = service_of(request)
    found = service.proposals.listed(LOOKED_AT)
    return [_as_handed(service.folder, each) for each in found if may_look(person, each)]


def may_look(person: Person, proposal: Proposal) -> bool:
    """Whether a proposal concerns somebody."""
    return proposal.person == person.id or person.may(Right.OPERATE, asked(proposal).place)


def asked(proposal: Proposal) -> Ask:
    """What a proposal asks for."""
    want = proposal.wanted
    return Ask(want.kind, want.key, want.value, want.start, want.until, want.reason)


def confirm(request: Request, visitor: Visitor, name: str) -> State | None:
    """Its maker says yes, to what they were shown; None where it cannot be said any more.

    What needs a second person by now, and did not when it was shown, has to be asked for again.
    One yes is said at a time: each counts what those before it move.
    """
    service, found = service_of(request), proposal_of(request, visitor, name)
    require(request, visitor, asked(found).place)
    with service.deciding:
        now = previewed(request, asked(found), visitor.person.id, name)
        if now.problems or (now.second and not found.wanted.second):
            return None
        state = service.proposals.confirm(name, visitor.person.id)
        if state is not None:
            _note(request, visitor.person, ASKED, found)
        if state is State.AGREED:
            _hand_over(request, found, visitor.person.name)
    return state


def agree(request: Request, visitor: Visitor, name: str) -> bool:
    """A second person says yes; False where it does not wait for theirs. Raises 403 for one's own.

    Its maker must still be allowed to ask for it, and it must not be over.
    """
    service, found = service_of(request), proposal_of(request, visitor, name)
    require(request, visitor, asked(found).place)
    if found.person == visitor.person.id:
        service.refused(visitor.person.name, request.url.path)
        raise HTTPException(403, "nobody approves their own set-point")
    maker = service.accounts.person(found.person)
    if maker is None or not maker.may(Right.OPERATE, asked(found).place):
        return False
    if previewed(request, asked(found), maker.id, name).problems:
        return False
    if not service.proposals.agree(name, visitor.person.id):
        return False
    _note(request, visitor.person, ("approved a set-point", "approved a withdrawal"), found)
    _hand_over(request, found, f"{maker.name} (approved by {visitor.person.name})")
    return True


def refuse(request: Request, visitor: Visitor, name: str) -> bool:
    """Say no to a set-point that waits, or take one's own back."""
    found = proposal_of(request, visitor, name)
    own = found.person == visitor.person.id
    if not own:
        require(request, visitor, asked(found).place)
    if not service_of(request).proposals.refuse(name, visitor.person.id):
        return False
    _note(
        request, visitor.person, ("took a set-point back", "took a withdrawal back") if own
        else ("turned a set-point down", "turned a withdrawal down"), found,
    )  # fmt: skip
    return True


def withdraw(request: Request, visitor: Visitor, name: str) -> tuple[str, bool]:
    """Ask the controller to drop an order of a person; under what id it answers. Raises 404.

    Where that lets power rise by more than one person may move, it waits for a second one, as the
    proposal of that id; whether it does.
    """
    service, found = service_of(request), held_by(request, visitor, name)
    goes, who = released(request, found), visitor.person
    if not goes.second:
        own = secrets.token_hex(8)
        service.note(who.name, "withdrew an order", name, {"order": own, "place": found.place})
        _drop(request, own, who.name, name)
        return own, False
    key = f"{name} {found.order.key if found.order.kind == 'device' else ''}"
    wanted = Wanted(WITHDRAW, key, found.order.value, now_of(request), found.order.until,
                    found.reason, goes.raises, second=True)  # fmt: skip
    proposal = service.proposals.show(who.id, wanted)
    service.proposals.confirm(proposal.id, who.id)
    _note(request, who, ASKED, proposal)
    return proposal.id, True


def held_by(request: Request, visitor: Visitor, name: str) -> HeldOrder:
    """An order of a person that somebody may withdraw. Raises 404."""
    for each in orders_of(request):
        if each.name == name and may_withdraw(visitor.person, each):
            return each
    raise HTTPException(404, "there is no such order to withdraw")


def may_withdraw(person: Person, held: HeldOrder) -> bool:
    """Whether somebody may take an order back: one of a person, where they may operate."""
    return bool(held.name) and person.may(Right.OPERATE, held.place)


def answer_to(folder: PlantFolder, name: str) -> dict[str, Any] | None:
    """What the controller made of a wish; None before it has looked at it."""
    try:
        said = json.loads(folder.answer(name).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def answer_for(request: Request, person: Person, name: str) -> dict[str, Any] | None:
    """The same for somebody who made the wish, or may see what it is about; else None."""
    folder = service_of(request).folder
    wish = wish_of(folder, name)
    place = ""
    if wish is not None and wish.kind == "device":
        place = place_of(wish.key)
    elif wish is not None and wish.kind in ("acknowledge", "shelve"):
        place = place_of(wish.key.partition(": ")[2])
    own = wish is not None and wish.person.partition(" ")[0] == person.name
    return answer_to(folder, name) if own or person.may(Right.SEE, place) else None


def require(request: Request, visitor: Visitor, place: str) -> None:
    """Raise HTTPException with 403 for somebody who may not operate at a place."""
    if not visitor.person.may(Right.OPERATE, place):
        service_of(request).refused(visitor.person.name, request.url.path)
        what = "this needs the right to operate" + (f" at {place}" if place else " the whole plant")
        raise HTTPException(403, what)


def _hand_over(request: Request, found: Proposal, who: str) -> None:
    """Put it into the controller's inbox, under its own id.

    What is there is handed over; that the table cannot say so (a full disk) changes nothing.
    """
    service, want = service_of(request), found.wanted
    if want.kind == WITHDRAW:
        _drop(request, found.id, who, want.key.partition(" ")[0])
    else:
        submit(service.folder, Wish(found.id, who, want.kind, want.value, want.start, want.until,
                                    want.key, want.reason))  # fmt: skip
    with suppress(OperationalError):
        service.proposals.handed(found.id)


def _drop(request: Request, own: str, who: str, order: str) -> None:
    """Have the controller drop an order; the wish for it stands for a day."""
    now = now_of(request)
    wish = Wish(own, who, "withdraw", 0.0, now, now + timedelta(days=1), order, "")
    submit(service_of(request).folder, wish)


def _note(request: Request, person: Person, what: tuple[str, str], found: Proposal) -> None:
    """Write down what somebody did; ``what`` of a set-point, and of a withdrawal."""
    want, ask = found.wanted, asked(found)
    service_of(request).note(person.name, what[want.kind == WITHDRAW], found.id, {
        "kind": want.kind, "flow": ask.flow, "value": want.value, "place": ask.place,
        "start": want.start.isoformat(), "until": want.until.isoformat(), "reason": want.reason,
        "moves": want.moves,
    })  # fmt: skip
