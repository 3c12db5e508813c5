"""Coming in and going out: log in, choose a password, switch the language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from zeroplant.errors import InputError
from zeroplant.portal.access import RefusedError
from zeroplant.portal.access.sessions import LONGEST
from zeroplant.portal.gate import COOKIE, Visitor, known, service_of
from zeroplant.portal.language import COOKIE as LANGUAGE
from zeroplant.portal.language import LANGUAGES, language_of, say
from zeroplant.portal.pages import page

router = APIRouter(include_in_schema=False)
YEAR = 365 * 86_400


@router.get("/login")
def login_page(request: Request) -> Response:
    """The form to log in."""
    return page(request, "login.html.j2", problem="")


@router.post("/login")
def log_in(
    request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()]
) -> Response:
    """Begin a session, or say why not; each try is in the diary."""
    service = service_of(request)
    address = request.client.host if request.client else ""
    try:
        person = service.accounts.log_in(name, password, address)
    except RefusedError as refused:
        service.note(name[:64], "log-in refused", payload={"address": address})
        language = language_of(request)
        wait = round(refused.wait + 0.5)
        problem = say("wait", language, wait) if refused.wait else say("wrong", language)
        answer = page(request, "login.html.j2", status=429 if wait > 1 else 401, problem=problem)
        if refused.wait:
            answer.headers["retry-after"] = str(wait)
        return answer
    service.note(person.name, "logged in", payload={"address": address})
    found = RedirectResponse("/password" if person.must_change else "/", 303)
    secret = service.sessions.begin(person.id)
    found.set_cookie(
        COOKIE, secret, max_age=int(LONGEST), httponly=True, samesite="strict",
        secure=service.secure,
    )  # fmt: skip
    return found


@router.post("/logout")
def log_out(request: Request, visitor: Annotated[Visitor, Depends(known)]) -> Response:
    """End the session."""
    service = service_of(request)
    if visitor.session:
        service.sessions.end(visitor.session)
    service.note(visitor.person.name, "logged out")
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/password")
def password_page(request: Request, visitor: Annotated[Visitor, Depends(known)]) -> Response:
    """The form for a new password."""
    return page(request, "password.html.j2", visitor=visitor, problem="")


@router.post("/password")
def change_password(
    request: Request,
    visitor: Annotated[Visitor, Depends(known)],
    old: Annotated[str, Form()],
    new: Annotated[str, Form()],
) -> Response:
    """A new password; all sessions end, and one has to log in again."""
    service = service_of(request)
    try:
        service.accounts.change_password(visitor.person.id, old, new)
    except RefusedError:
        problem = say("old wrong", language_of(request))
    except InputError as error:
        problem = str(error)
    else:
        service.note(visitor.person.name, "changed password")
        return RedirectResponse("/login", 303)
    return page(request, "password.html.j2", visitor=visitor, status=422, problem=problem)


@router.get("/language/{language}")
def switch(request: Request, language: str) -> Response:
    """Read on in the other language."""
    back = request.headers.get("referer", "")
    host = f"//{request.headers.get('host', '')}/"
    place = "/" + back.partition(host)[2] if host in back else "/"
    answer = RedirectResponse(place, 303)
    if language in LANGUAGES:
        answer.set_cookie(LANGUAGE, language, max_age=YEAR, samesite="lax")
    return answer
