"""Set-points and orders for other systems: the same steps as on the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request
from pydantic import AwareDatetime, BaseModel, Field

from zeroplant.portal import desk
from zeroplant.portal.access import Right
from zeroplant.portal.access.proposals import Proposal, State
from zeroplant.portal.answers import answer_told
from zeroplant.portal.gate import Visitor, needs
from zeroplant.portal.language import say
from zeroplant.portal.routes.alarms import Handed
from zeroplant.portal.routes.bodies import Words
from zeroplant.portal.routes.setpoints import Name, OrderName, name_of
from zeroplant.portal.setpoints import Ask, Preview, Told

api = APIRouter(prefix="/api/v1", tags=["set-points"])
SEE = needs(Right.SEE, within=True)
OPERATE = needs(Right.OPERATE, within=True)
IN_PERSON = needs(Right.OPERATE, within=True, in_person=True)
ABSENT: dict[int | str, dict[str, Any]] = {404: {"description": "there is none of that id"}}
REFUSED: dict[int | str, dict[str, Any]] = {
    **ABSENT, 409: {"description": "it was decided already, is too late, or the plant has changed"}
}  # fmt: skip


class SetpointAsk(BaseModel):
    """A set-point somebody wants."""

    kind: str = Field(
        max_length=20, description="target, most export, least export (of the plant) or device"
    )
    key: str = Field("", max_length=200, description="for a device its flow: battery.charge")
    value: float = Field(
        description="MW of net export (negative is import), or the power of the flow in its unit"
    )
    start: AwareDatetime = Field(description="when it begins, on the plant's clock")
    until: AwareDatetime = Field(description="when it lapses; at most 24 h after its start")
    reason: str = Field(min_length=1, max_length=500, description="why, for the journal")


class EffectBody(BaseModel):
    """What a set-point would do, by what is known now."""

    unit: str = Field(description="unit of the powers here")
    present: float | None = Field(
        description="what is measured now, in the unit; null where unknown"
    )
    planned_least: float | None = Field(description="least planned for that time, in the unit")
    planned_most: float | None = Field(description="most planned for that time, in the unit")
    left: float = Field(
        description="what would be left of it beside orders that go before it, in the unit"
    )
    notes: list[str] = Field(description="what is to be read first")


class SetpointBody(BaseModel):
    """A set-point on its way."""

    id: str = Field(description="its id, and that of the order it becomes")
    state: State = Field(description="how far it has come")
    kind: str = Field(
        description="target, most export, least export or device; or withdraw, of an order"
    )
    key: str = Field(description="the flow of a device; of a withdrawal the order; else empty")
    value: float = Field(description="MW of net export, or the power of the flow in its unit")
    start: datetime = Field(description="when it begins, UTC")
    until: datetime = Field(description="when it lapses, UTC")
    reason: str = Field(description="why")
    person: str = Field(description="who asked for it")
    decider: str = Field(description="who approved or refused it; empty for nobody")
    second: bool = Field(description="whether a second person has to approve it")
    moves: float | None = Field(description="by how much it moves the plant, MW; null: unknown")
    ends: datetime = Field(description="when it lapses if nobody decides, by the wall's clock, UTC")
    effect: EffectBody | None = Field(
        None, description="what it would do, while it is not decided and you may operate there"
    )


class Withdrawn(Handed):
    """An order that is to be withdrawn."""

    waits: bool = Field(
        description="whether a second person has to approve it first, as the set-point of that id"
    )


class AnswerBody(BaseModel):
    """The controller's answer to a wish."""

    accepted: bool = Field(description="whether it does as it was asked")
    at: str | None = Field(None, description="when it answered, on the plant's clock, UTC")
    reason: Words = Field(description="why not, or what became of it since; empty for nothing")
    withdrawn: str | None = Field(None, description="when it was withdrawn, UTC")


class Answered(BaseModel):
    """What the controller made of a wish."""

    answered: bool = Field(description="whether it has looked at it")
    said: AnswerBody | None = Field(description="its answer; null before there is one")


@api.post("/setpoints", status_code=201)
def ask(request: Request, visitor: Annotated[Visitor, OPERATE], asked: SetpointAsk) -> SetpointBody:
    """See what a set-point would do. Nothing is sent before it is confirmed."""
    wanted = Ask(asked.kind, asked.key, asked.value, asked.start, asked.until, asked.reason)
    preview, proposal = desk.ask_for(request, visitor, wanted)
    if proposal is None:
        raise HTTPException(422, " ".join(_lines("setpoint", preview.problems)))
    return _body(request, proposal, preview)


@api.get("/setpoints")
def listed(request: Request, visitor: Annotated[Visitor, OPERATE]) -> list[SetpointBody]:
    """Set-points that were confirmed, of the last days and where you may operate."""
    return [_body(request, each) for each in desk.listed_for(request, visitor.person)]


@api.get("/setpoints/{name}", responses=ABSENT)
def one(request: Request, visitor: Annotated[Visitor, OPERATE], name: Name) -> SetpointBody:
    """A set-point, and what it would do by what is known now."""
    found = desk.proposal_of(request, visitor, name)
    undecided, asked = found.state in (State.SHOWN, State.WAITING), desk.asked(found)
    looks = visitor.person.may(Right.OPERATE, asked.place)  # or it tells of what is not theirs now
    known = undecided and looks
    return _body(
        request, found, desk.previewed(request, asked, found.person, name) if known else None
    )


@api.post("/setpoints/{name}/confirm", responses=REFUSED)
def confirm(request: Request, visitor: Annotated[Visitor, OPERATE], name: Name) -> SetpointBody:
    """Say yes to a set-point of yours, within three minutes."""
    return _after(request, visitor, name, done=desk.confirm(request, visitor, name) is not None)


@api.post("/setpoints/{name}/approve", responses=REFUSED)
def approve(request: Request, visitor: Annotated[Visitor, IN_PERSON], name: Name) -> SetpointBody:
    """Say yes to somebody else's, within ten minutes; not with a token."""
    return _after(request, visitor, name, done=desk.agree(request, visitor, name))


@api.post("/setpoints/{name}/refuse", responses=REFUSED)
def refuse(request: Request, visitor: Annotated[Visitor, OPERATE], name: Name) -> SetpointBody:
    """Say no to a set-point that waits, or take your own back."""
    return _after(request, visitor, name, done=desk.refuse(request, visitor, name))


@api.get("/orders/{name}")
def answer(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    name: Annotated[str, Path(pattern=r"^[a-f0-9]{16}$", description="id of the wish")],
) -> Answered:
    """What became of a wish that was handed to the controller: yours, or of what you may see."""
    said = desk.answer_for(request, visitor.person, name)
    if said is None:
        return Answered(answered=False, said=None)
    reason = Words.of(answer_told(said.get("reason")))
    return Answered(answered=True, said=AnswerBody(
        accepted=said.get("accepted") is True, at=said.get("at"), reason=reason,
        withdrawn=said.get("withdrawn"),
    ))  # fmt: skip


@api.post("/orders/{name}/withdraw", status_code=202, responses=ABSENT)
def withdraw(
    request: Request,
    visitor: Annotated[Visitor, IN_PERSON],
    name: OrderName,
) -> Withdrawn:
    """Take back an order of a person; the controller drops it. Not with a token.

    Where that lets power rise by more than one person may move, a second one has to agree.
    """
    own, waits = desk.withdraw(request, visitor, name)
    return Withdrawn(id=own, waits=waits)


def _after(request: Request, visitor: Visitor, name: str, *, done: bool) -> SetpointBody:
    if not done:
        raise HTTPException(409, "it was decided already, is too late, or the plant has changed")
    return _body(request, desk.proposal_of(request, visitor, name))


def _lines(page: str, told: tuple[Told, ...]) -> list[str]:
    return [say(page, word, "en", *values) for word, values in told]


def _body(request: Request, found: Proposal, preview: Preview | None = None) -> SetpointBody:
    want, effect = found.wanted, None
    if preview is not None:
        least, most = preview.planned or (None, None)
        effect = EffectBody(
            unit=preview.unit, present=preview.present, planned_least=least, planned_most=most,
            left=preview.effect, notes=_lines("proposal", preview.notes),
        )  # fmt: skip
    return SetpointBody(
        id=found.id, state=found.state, kind=want.kind, key=want.key, value=want.value,
        start=want.start, until=want.until, reason=want.reason,
        person=name_of(request, found.person), decider=name_of(request, found.decider),
        second=want.second, moves=want.moves, ends=found.ends, effect=effect,
    )  # fmt: skip
