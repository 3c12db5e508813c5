"""The gate: who is asking, and whether they may. Every route names the right it needs, or is open.

A browser shows a session's cookie, another system a token. A request of a browser that changes
something must also carry the session's form key, which no other site can know.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, HTTPException, Request

from zeroplant.portal.access import Person, Right, Session
from zeroplant.portal.access.tokens import allowed_by
from zeroplant.portal.service import Service

FORM_KEY = "form_key"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Visitor:
    """Who is asking; ``session`` is None for a token."""

    person: Person
    session: Session | None = None


class StrangerError(Exception):
    """Nobody we know; a page sends them to log in."""


class Needs:
    """A dependency that lets only those through who have a right where the request is about.

    ``place`` finds that place in the request, such as a path parameter; the whole plant if None.
    ``within``: the right at anything below that place lets through, and the route shows and does
    only what is allowed there. ``in_person``: no token will do, for one that has leaked must not
    make others.
    """

    def __init__(
        self,
        right: Right,
        place: Callable[[Request], str] | None = None,
        *,
        in_person: bool = False,
        within: bool = False,
    ) -> None:
        self.right, self.place = right, place
        self.in_person, self.within = in_person, within

    def admits(self, person: Person) -> bool:
        """Whether there is anything here for somebody, so that a page may show the way."""
        return self._lets(person, "")

    def __call__(self, request: Request) -> Visitor:
        """The visitor. Raises StrangerError, or HTTPException with 403."""
        visitor = visitor_of(request)
        if self.in_person and visitor.session is None:
            raise HTTPException(403, "a token cannot do this; log in")
        place = self.place(request) if self.place else ""
        if not self._lets(visitor.person, place):
            service_of(request).refused(visitor.person.name, request.url.path)
            what = f"this needs the right to {self.right.value}" + (f" at {place}" if place else "")
            raise HTTPException(403, what)
        return visitor

    def _lets(self, person: Person, place: str) -> bool:
        return (
            person.may_within(self.right, place) if self.within else person.may(self.right, place)
        )


def needs(
    right: Right,
    place: Callable[[Request], str] | None = None,
    *,
    in_person: bool = False,
    within: bool = False,
) -> Any:
    """The visitor, if they have the right; for the signature of a route."""
    return Depends(Needs(right, place, in_person=in_person, within=within))


def known(request: Request) -> Visitor:
    """The visitor, whatever they may do: to log out, or to change their own password."""
    return visitor_of(request, fresh=False)


def visitor_of(request: Request, *, fresh: bool = True) -> Visitor:
    """Who is asking. Raises StrangerError, or HTTPException for a forged form.

    ``fresh``: somebody who must change their password first is let in nowhere else.
    """
    visitor = recognised(request)
    if visitor.session is None:
        return visitor
    if request.method not in SAFE:
        _require_own_form(request, visitor.session)
    if fresh and visitor.person.must_change:
        raise HTTPException(303, headers={"location": "/password"})
    return visitor


def recognised(request: Request) -> Visitor:
    """Whose token or session a request shows; its body is not looked at. Raises StrangerError."""
    service = service_of(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        token = service.tokens.find(secret.strip())
        owner = service.accounts.person(token.person) if token else None
        if token is None or owner is None or owner.disabled:
            raise StrangerError
        return Visitor(allowed_by(token, owner))
    live = request.headers.get("accept", "").startswith("text/event-stream")
    live = live or "x-refresh" in request.headers  # a page that renews itself is nobody's touch
    session = service.sessions.find(request.cookies.get(service.cookie, ""), touch=not live)
    person = service.accounts.person(session.person) if session else None
    if session is None or person is None or person.disabled:
        raise StrangerError
    return Visitor(person, session)


async def carry_form_key(request: Request) -> None:
    """Find the form key of a change, in its header or among its fields, before the gate asks."""
    if request.method in SAFE:
        return
    key: object = request.headers.get(FORM_KEY.replace("_", "-"))
    if key is None and request.headers.get("content-type", "").partition(";")[0] in _FORMS:
        key = (await request.form()).get(FORM_KEY)
    request.state.form_key = key if isinstance(key, str) else ""


def service_of(request: Request) -> Service:
    """The parts of the service a request is answered with."""
    service: Service = request.app.state.service
    return service


def _require_own_form(request: Request, session: Session) -> None:
    """Refuse a change that another site has a browser send. Raises HTTPException."""
    carried: str = request.state.form_key
    if not hmac.compare_digest(carried.encode(), session.form_key.encode()):
        message = "this form is not ours or too old; load the page again"
        raise HTTPException(403, message)
