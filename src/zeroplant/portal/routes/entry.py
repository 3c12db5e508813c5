"""Coming in and going out: log in, choose a password, switch the language."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from zeroplant.errors import InputError
from zeroplant.portal.access import RefusedError
from zeroplant.portal.access.sessions import LONGEST
from zeroplant.portal.gate import Visitor, known, service_of
from zeroplant.portal.language import COOKIE as LANGUAGE
from zeroplant.portal.language import LANGUAGES, language_of, say
from zeroplant.portal.pages import page
from zeroplant.portal.service import Service

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
        _note_refused(service, name, address, refused.wait)
        wait = round(refused.wait + 0.5)
        word = "wait" if refused.wait else "wrong"
        problem = say("login", word, language_of(request), wait)
        answer = page(request, "login.html.j2", status=429 if wait > 1 else 401, problem=problem)
        if refused.wait:
            answer.headers["retry-after"] = str(wait)
        return answer
    service.note(person.name, "logged in", payload={"address": address})
    found = RedirectResponse("/password" if person.must_change else "/", 303)
    secret = service.sessions.begin(person.id)
    found.set_cookie(
        service.cookie, secret, max_age=int(LONGEST), httponly=True, samesite="strict",
        secure=service.secure,
    )  # fmt: skip
    return found


def _note_refused(service: Service, name: str, address: str, wait: float) -> None:
    """A wrong log-in in the diary; what is no name of ours may be a password, and is not kept."""
    if wait:
        return  # told already, when the tries before it were refused
    known = any(person.name == name for person in service.accounts.everybody())
    service.note(name if known else "unknown", "log-in refused", payload={"address": address})


@router.post("/logout")
def log_out(request: Request, visitor: Annotated[Visitor, Depends(known)]) -> Response:
    """End the session."""
    service = service_of(request)
    if visitor.session:
        service.sessions.end(visitor.session)
    service.note(visitor.person.name, "logged out")
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(service.cookie, secure=service.secure, httponly=True, samesite="strict")
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
        address = request.client.host if request.client else ""
        service.accounts.change_password(visitor.person.id, old, new, address)
    except RefusedError as refused:
        _note_refused(service, visitor.person.name, address, refused.wait)
        problem = say("password", "old wrong", language_of(request))
    except InputError as error:
        problem = str(error)
    else:
        service.note(visitor.person.name, "changed password")
        return RedirectResponse("/login", 303)
    return page(request, "password.html.j2", visitor=visitor, status=422, problem=problem)


@router.get("/language/{language}")
def switch(request: Request, language: str) -> Response:
    """Read on in the other language."""
    answer = RedirectResponse(_page_before(request), 303)
    if language in LANGUAGES:
        answer.set_cookie(LANGUAGE, language, max_age=YEAR, samesite="lax",
                          secure=service_of(request).secure)  # fmt: skip
    return answer


def _page_before(request: Request) -> str:
    """Where the visitor came from, if that was a page of ours."""
    try:
        back = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    ours = back.netloc == request.headers.get("host") and back.path[1:2] not in ("/", "\\")
    return back.path if ours and back.path.startswith("/") else "/"
