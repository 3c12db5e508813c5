"""What is said where a request comes to nothing: a page to people, JSON to other systems.

The API says it in the language that is asked for, in English if none is; a page says in the
visitor's language what happened and what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from zeroplant.errors import InputError
from zeroplant.portal.answers import answer_told
from zeroplant.portal.gate import StrangerError, recognised
from zeroplant.portal.language import LANGUAGES, language_of, phrases_of, say
from zeroplant.portal.pages import page

LONGEST = 300
"""Characters of a refusal that may repeat the request."""
SAID = (400, 403, 404, 405, 408, 413, 421, 422, 429, 500, 503)
"""Codes with words of their own on the page; others are told by the general ones."""


class Misshapen(BaseModel):
    """Where what was sent has another shape than described."""

    type: str = Field(description="kind of the mistake")
    loc: list[str] = Field(description="where it is: body, query or path, and the way to it")
    msg: str = Field(description="what is wrong there, in the visitor's language")


class Refusal(BaseModel):
    """Why a request came to nothing."""

    detail: str | list[str | Misshapen] = Field(
        description="a line, or one for each problem, in the visitor's language"
    )


REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"model": Refusal, "description": said}
    for code, said in {
        400: "the request cannot be read",
        401: "no session or token, or one that has ended",
        403: "somebody who may not, or a form that is not ours",
        404: "there is nothing of that name",
        408: "the body did not arrive in time",
        413: "more than is read at once",
        421: "a name that is not the service's",
        422: "something of what was sent will not do",
        500: "the service failed; its log says why under the request's number",
        503: "the service cannot do it now; try again in some seconds",
    }.items()
}
"""What any route may answer instead, for the description of the API."""


def wants_page(request: Request) -> bool:
    """Whether a person in a browser asks for a page, and not a system, or a script, for data."""
    asked = request.headers.get("accept", "")
    return not request.url.path.startswith(("/api/", "/static/")) and "text/html" in asked


def told(
    request: Request,
    status: int,
    detail: str | Sequence[object],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An answer that says what was wrong; ``detail`` is a line, or one for each problem."""
    language = language_of(request)
    if wants_page(request):
        lines = [detail] if isinstance(detail, str) else [_line(each, language) for each in detail]
        with suppress(InputError):  # without the plant itself there is no page
            return _page(request, status, lines, headers)
    body = json.dumps({"detail": _in(language, detail)})  # ASCII only: it can say half a character
    return Response(body, status, headers, media_type="application/json")


def _page(
    request: Request, status: int, lines: list[str], headers: Mapping[str, str] | None
) -> Response:
    """The page that says it; somebody known keeps the way to the other pages.

    It says so also where who it is cannot be found out: that may be what failed.
    """
    visitor = None
    with suppress(StrangerError, SQLAlchemyError):
        visitor = recognised(request)
    answer = page(
        request, "problem.html.j2", visitor=visitor, status=status, lines=lines,
        known=str(status) if status in SAID else "else", standard=HTTPStatus(status).phrase,
        number=request.state.number,
    )  # fmt: skip
    answer.headers.update(headers or {})
    return answer


def stranger(request: Request, _: Any = None) -> Response:
    """Another system is told to show who it is; a person is asked to log in."""
    if wants_page(request):
        return RedirectResponse("/login", 303)
    return told(request, 401, "log in, or send a token", {"www-authenticate": "Bearer"})


def refused(request: Request, error: Any) -> Response:
    """What a route or the framework refuses; a way elsewhere is left as it is."""
    if error.status_code < 400:
        return Response(None, error.status_code, error.headers)
    return told(request, error.status_code, str(error.detail)[:LONGEST], error.headers)


def unfit(request: Request, error: Any) -> Response:
    """What is wrong with what was sent, a line per problem."""
    return told(request, 422, [str(problem) for problem in error.problems])


def misshapen(request: Request, error: Any) -> Response:
    """Where a request has another shape than described; what was sent is not repeated."""
    found = [
        {"type": each["type"], "loc": [str(part) for part in each["loc"]], "msg": each["msg"]}
        for each in error.errors()
    ]
    return told(request, 422, found)


def failed(request: Request, _: Exception) -> Response:
    """A fault of ours; what it was stands in the log under the number of the request."""
    return told(request, 500, "the service failed here; its log says why")


def _line(problem: object, language: str) -> str:
    """One problem as people read it: the field as its form calls it."""
    if not isinstance(problem, Mapping):
        return str(problem)
    field = ".".join(problem["loc"][1:])
    word = f"field {field}"
    called = say("problem", word, language) if word in phrases_of("problem") else field
    return f"{called}: {problem['msg']}"


def _in(language: str, detail: str | Sequence[object]) -> str | list[object]:
    """What was wrong in a language, where there are words for it."""
    place = LANGUAGES.index(language)
    if isinstance(detail, str):
        return answer_told(detail)[place]
    return [
        {**each, "msg": answer_told(each["msg"])[place]} if isinstance(each, Mapping)
        else answer_told(each)[place]
        for each in detail
    ]  # fmt: skip
