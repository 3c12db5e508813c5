"""People and tokens: the page for admins, and the API."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.portal.access import Grant, Person, Right, Role, Token
from zeroplant.portal.access.places import NODE, SITE
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.language import language_of, say
from zeroplant.portal.pages import page
from zeroplant.portal.service import Service

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["people"])
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="number of the person or token")]
MANAGE = needs(Right.MANAGE, in_person=True)
OWN = needs(Right.SEE, within=True)
SELF = needs(Right.SEE, in_person=True, within=True)
MOST = 100


class GrantBody(BaseModel):
    """A role at a place of the plant."""

    role: Role = Field(description="what somebody is there")
    place: str = Field(
        "", max_length=200, pattern=r"^[^\x00-\x1f]*$",
        description="place in the plant's tree: 'site:east', 'node:park', an asset ('battery') or "
        "a device of one ('battery/charge'), with all that is below it; empty for the whole plant",
    )  # fmt: skip


class GrantForm(GrantBody):
    """A role at a place, as the page asks for it."""

    how: Literal["replace", "add"] = Field("replace", description="in place of others, or beside")


class PersonBody(BaseModel):
    """Somebody who may come in."""

    id: int = Field(description="number of the person")
    name: str = Field(description="name to log in with")
    disabled: bool = Field(description="whether they are shut out")
    grants: list[GrantBody] = Field(description="what they are, and where")


class NewPerson(BaseModel):
    """Somebody to be let in."""

    name: str = Field(min_length=1, max_length=64, description="name to log in with")
    grants: list[GrantBody] = Field(max_length=MOST, description="what they are, and where")


class Welcomed(BaseModel):
    """Somebody who was let in."""

    name: str = Field(description="name to log in with")
    password: str = Field(description="for the first visit; shown only now")


class TokenBody(BaseModel):
    """A token as it is known after it was shown."""

    id: int = Field(description="number of the token")
    name: str = Field(description="what it is for")
    grant: GrantBody = Field(description="what it allows, and where")
    ends: datetime = Field(description="when it expires, UTC")
    used: datetime | None = Field(description="when it was used last, UTC")
    revoked: bool = Field(description="whether it was ended before its time")


class NewToken(BaseModel):
    """A token to be made."""

    name: str = Field(min_length=1, max_length=64, description="what it is for")
    grant: GrantBody = Field(description="what it allows, and where")
    days: float = Field(gt=0, le=366, description="how long it lasts, days")


class TokenForm(GrantBody):
    """A token to be made, as the page asks for it."""

    name: str = Field(min_length=1, max_length=64, description="what it is for")
    days: float = Field(gt=0, le=366, description="how long it lasts, days")


class Secret(BaseModel):
    """A token that was made."""

    token: str = Field(description="to be sent as 'Authorization: Bearer …'; shown only now")


@pages.get("/people")
def people_page(request: Request, visitor: Annotated[Visitor, MANAGE]) -> Response:
    """Who may come in."""
    return _people_page(request, visitor)


@pages.post("/people")
def add_on_page(
    request: Request,
    visitor: Annotated[Visitor, MANAGE],
    name: Annotated[str, Form(max_length=64)],
    role: Annotated[Role, Form()],
    place: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Let somebody in, and show their first password."""
    welcome = _welcome(request, visitor, name, [Grant(role, place.strip("/ "))])
    return _people_page(request, visitor, welcome)


@pages.post("/people/{number}/grants")
def grant_on_page(
    request: Request,
    visitor: Annotated[Visitor, MANAGE],
    number: Number,
    form: Annotated[GrantForm, Form()],
) -> Response:
    """What somebody is from now on, in place of what they were or beside it."""
    held = _said(_person(request, number)).grants if form.how == "add" else []
    grant(request, visitor, number, [*held, GrantBody(role=form.role, place=form.place)])
    return RedirectResponse("/people", 303)


@pages.get("/tokens")
def tokens_page(request: Request, visitor: Annotated[Visitor, SELF]) -> Response:
    """Tokens of one's own, or of everybody for an admin."""
    return _tokens_page(request, visitor)


@pages.post("/tokens")
def make_token_on_page(
    request: Request,
    visitor: Annotated[Visitor, SELF],
    asked: Annotated[TokenForm, Form()],
) -> Response:
    """Make a token, and show it this once."""
    grant = GrantBody(role=asked.role, place=asked.place)
    wanted = NewToken(name=asked.name, grant=grant, days=asked.days)
    return _tokens_page(request, visitor, make_token(request, visitor, wanted).token)


@pages.post("/tokens/{number}/revoke")
def revoke_on_page(request: Request, visitor: Annotated[Visitor, SELF], number: Number) -> Response:
    """End a token."""
    revoke(request, visitor, number)
    return RedirectResponse("/tokens", 303)


@pages.post("/people/{number}/{what}")
def turn(
    request: Request, visitor: Annotated[Visitor, MANAGE], number: Number, what: str
) -> Response:
    """Shut somebody out, or let them in again."""
    if what not in ("shut", "let-in"):
        raise HTTPException(404, "there is no such page")
    _disable(request, visitor, number, disabled=what == "shut")
    return RedirectResponse("/people", 303)


@api.get("/people")
def everybody(request: Request, visitor: Annotated[Visitor, MANAGE]) -> list[PersonBody]:
    """All people who may come in, and those shut out, by name."""
    return [_said(person) for person in service_of(request).accounts.everybody()]


@api.post("/people", status_code=201)
def add(request: Request, visitor: Annotated[Visitor, MANAGE], person: NewPerson) -> Welcomed:
    """Let somebody in, with a password for the first visit."""
    return _welcome(request, visitor, person.name, _grants(person.grants))


@api.put("/people/{number}/grants", status_code=204)
def grant(
    request: Request,
    visitor: Annotated[Visitor, MANAGE],
    number: Number,
    grants: Annotated[list[GrantBody], Body(max_length=MOST)],
) -> None:
    """What somebody is from now on, in place of what they were."""
    person = _person(request, number)
    service = service_of(request)
    _require_places(service, _grants(grants))
    service.accounts.grant(person.id, _grants(grants))
    said = [each.model_dump(mode="json") for each in grants]
    service.note(visitor.person.name, "granted", person.name, {"grants": said})


@api.delete("/people/{number}", status_code=204)
def shut_out(request: Request, visitor: Annotated[Visitor, MANAGE], number: Number) -> None:
    """Shut somebody out at once; what they did stays in the journal."""
    _disable(request, visitor, number, disabled=True)


@api.get("/tokens")
def tokens(request: Request, visitor: Annotated[Visitor, OWN]) -> list[TokenBody]:
    """Your tokens; an admin sees everybody's."""
    all_of_them = visitor.person.may(Right.MANAGE)
    owner = None if all_of_them else visitor.person.id
    return [_shown(token) for token in service_of(request).tokens.of(owner)]


@api.post("/tokens", status_code=201)
def make_token(request: Request, visitor: Annotated[Visitor, SELF], token: NewToken) -> Secret:
    """A token for another system; it never allows more than you may do, now or later."""
    service = service_of(request)
    (grant,) = _grants([token.grant])
    secret = service.tokens.make(visitor.person, token.name, grant, token.days)
    service.note(visitor.person.name, "made token", token.name)
    return Secret(token=secret)


@api.delete("/tokens/{number}", status_code=204)
def revoke(request: Request, visitor: Annotated[Visitor, OWN], number: Number) -> None:
    """End a token of yours; an admin may end anybody's."""
    service = service_of(request)
    owner = None if visitor.person.may(Right.MANAGE) else visitor.person.id
    if not service.tokens.revoke(number, owner):
        raise HTTPException(404, "there is no such token of yours")
    service.note(visitor.person.name, "revoked token", str(number))


def _people_page(request: Request, visitor: Visitor, welcome: Welcomed | None = None) -> Response:
    service = service_of(request)
    return page(
        request, "people.html.j2", visitor=visitor, everybody=service.accounts.everybody(),
        roles=list(Role), welcome=welcome, places=list(service.catalogue.places()),
        place_told=partial(_place_told, request),
    )  # fmt: skip


def _place_told(request: Request, place: str) -> str:
    """What a place is called, in the visitor's language."""
    language = language_of(request)
    for kind in (SITE, NODE):
        if place.startswith(kind):
            return say("people", kind.rstrip(":"), language, place.removeprefix(kind))
    if "/" in place:
        both = service_of(request).names.part(place.replace("/", "."))
        return both.zh if language == "zh" else both.en
    return place or say("people", "whole plant", language)


def _tokens_page(request: Request, visitor: Visitor, secret: str = "") -> Response:
    service = service_of(request)
    names = {person.id: person.name for person in service.accounts.everybody()}
    owner = None if visitor.person.may(Right.MANAGE) else visitor.person.id
    listed = [(names[token.person], _shown(token)) for token in service.tokens.of(owner)]
    places = sorted({each.place for each in visitor.person.grants})
    return page(
        request, "tokens.html.j2", visitor=visitor, listed=listed, roles=list(Role),
        place=places[0] if places else "", secret=secret, now=service.clock.now(),
        places=_places_of(visitor.person, service), place_told=partial(_place_told, request),
    )  # fmt: skip


def _places_of(person: Person, service: Service) -> list[str]:
    """The places of the plant's tree at which somebody may look."""
    return [place for place in service.catalogue.places() if person.may(Right.SEE, place)]


def _welcome(request: Request, visitor: Visitor, name: str, grants: list[Grant]) -> Welcomed:
    service = service_of(request)
    _require_places(service, grants)
    password = service.accounts.add(name, grants)
    service.note(visitor.person.name, "added", name)
    return Welcomed(name=name, password=password)


def _disable(request: Request, visitor: Visitor, number: int, *, disabled: bool) -> None:
    person = _person(request, number)
    service = service_of(request)
    service.accounts.disable(person.id, disabled=disabled)
    service.note(visitor.person.name, "shut out" if disabled else "let in", person.name)


def _person(request: Request, number: int) -> Person:
    person = service_of(request).accounts.person(number)
    if person is None:
        raise HTTPException(404, "there is no such person")
    return person


def _require_places(service: Service, grants: list[Grant]) -> None:
    """Raise InputError for a role at a place that the plant does not have."""
    places = list(service.catalogue.places())
    above = [place for place in places if "/" not in place]
    unknown = [
        Problem(
            f"the plant has no '{each.place}'",
            "place",
            suggestion(each.place, places if "/" in each.place else above),
        )
        for each in grants
        if each.place and each.place not in places
    ]
    if unknown:
        raise InputError(unknown)


def _grants(bodies: list[GrantBody]) -> list[Grant]:
    return [Grant(body.role, body.place.strip("/ ")) for body in bodies]


def _said(person: Person) -> PersonBody:
    grants = [GrantBody(role=each.role, place=each.place) for each in person.grants]
    return PersonBody(id=person.id, name=person.name, disabled=person.disabled, grants=grants)


def _shown(token: Token) -> TokenBody:
    grant = GrantBody(role=token.grant.role, place=token.grant.place)
    used = None if token.used is None else datetime.fromtimestamp(token.used, UTC)
    ends = datetime.fromtimestamp(token.ends, UTC)
    return TokenBody(
        id=token.id, name=token.name, grant=grant, ends=ends, used=used, revoked=token.revoked
    )
