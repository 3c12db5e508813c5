"""What surrounds every request: its number, size, time and origin, and strict headers.

Nothing of a request is looked at before its host is one of ours: a page elsewhere whose name was
made to point here (DNS rebinding) must not talk to the service as if it were ours.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, TypeAlias
from urllib.parse import urlsplit

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST = 2**18
"""Bytes of a request: knobs, orders and roles are small, and reading more would hold up others."""
LARGEST_OF_STRANGERS = 2**13
"""Bytes of a log-in."""
SLOWEST = 30.0
"""Seconds a body may take to arrive."""
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "cache-control": "no-store",
}
LASTING = "max-age=3600"
"""How long files of the page itself are kept, if their address carries their version. A script
that another one imports has none, and is asked about each time: an old one beside a new one is no
page."""
_NUMBER = re.compile(r"[\w-]{8,64}")

log = logging.getLogger("zeroplant.portal")


Refuse: TypeAlias = Callable[[Scope, int, str], Application]
"""Makes the answer to a request that is refused: its scope, a code and why."""


class _UnreadError(Exception):
    """A body that is not read to its end: ``status`` and why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class Shell:
    """An application in its shell, which refuses what is not for it; logs a line per request.

    ``hosts`` are the names it is reached under, without port.
    """

    def __init__(
        self,
        inner: Application,
        *,
        hosts: frozenset[str],
        secure: bool,
        refuse: Refuse,
        done: Callable[..., None],
    ) -> None:
        self._inner, self._hosts, self._secure = inner, hosts, secure
        self._refuse, self._done = refuse, done

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        number = headers.get("x-request-id", "")
        if not _NUMBER.fullmatch(number):
            number = secrets.token_hex(8)
        scope.setdefault("state", {})["number"] = number
        begin, status, body = time.perf_counter(), 0, _Body(receive, _most(scope))

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(scope, message, number)
            await send(message)

        async def answer_of_inner(message: Message) -> None:
            if not body.unread:  # else what it says of half a request is of no interest
                await answer(message)

        try:
            if refused := self._refused(scope, headers):
                await self._refuse(scope, *refused)(scope, receive, answer)
                return
            with suppress(_UnreadError):
                await self._inner(scope, body, answer_of_inner)
            if body.unread:
                await self._refuse(scope, body.unread.status, body.unread.detail)(
                    scope, receive, answer
                )
        except Exception:  # it was answered as far as that went; nobody outside has a use for it
            log.exception("%s %s failed", scope["method"], scope["path"], extra={"request": number})
        finally:
            seconds = time.perf_counter() - begin
            self._done(scope, status, seconds)
            said = {"request": number, "method": scope["method"], "path": scope["path"],
                    "status": status, "ms": round(1e3 * seconds, 1)}  # fmt: skip
            log.info("answered", extra=said)

    def _refused(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        """Why a request is not even looked at, if so."""
        if (host := _host(headers.get("host", ""))) not in self._hosts:
            return 421, f"'{host[:64]}' is no name of this service"
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return 400, "its content-length is no number"
        if len(length) > 12 or int(length) > _most(scope):
            return 413, _too_large(_most(scope))
        if scope["method"] in CHANGING and not _from_here(headers):
            return 403, "this request comes from another site"
        return None

    def _dress(self, scope: Scope, message: Message, number: str) -> None:
        """Strict headers on every answer, errors included."""
        given = {name.lower() for name, _ in message["headers"]}
        own = {**HEADERS, "x-request-id": number}
        if self._secure:
            own["strict-transport-security"] = "max-age=31536000"
        if scope["path"].startswith("/static/") and message["status"] in {200, 304}:
            own["cache-control"] = LASTING if _versioned(scope) else "no-cache"
        message["headers"] = [
            *message["headers"],
            *((k.encode(), v.encode()) for k, v in own.items() if k.encode() not in given),
        ]


def _host(said: str) -> str:
    """The name in a host header, without its port; empty for what is none."""
    try:
        return urlsplit(f"//{said}").hostname or ""
    except ValueError:
        return ""


def _most(scope: Scope) -> int:
    """Bytes of a request: strangers have no more to say than who they are."""
    return LARGEST_OF_STRANGERS if scope["path"] == "/login" else LARGEST


def _versioned(scope: Scope) -> bool:
    return "/vendor/" in scope["path"] or scope.get("query_string", b"").startswith(b"v=")


def _too_large(most: int) -> str:
    return f"a request is at most {most} bytes"


def _from_here(headers: dict[str, str]) -> bool:
    """Whether a change was asked for by a page of ours, or by no browser at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


class _Body:
    """A request's body, which ends where it becomes too long or too slow, whatever was said."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most = receive, most
        self._read, self._whole = 0, False
        self._until = time.monotonic() + SLOWEST
        self.unread: _UnreadError | None = None

    async def __call__(self) -> Message:
        if self._whole:  # what comes now is that somebody has gone
            return await self._receive()
        try:
            async with asyncio.timeout(self._until - time.monotonic()):
                message = await self._receive()
        except TimeoutError:
            self.unread = _UnreadError(408, f"a body arrives within {SLOWEST:.0f} s")
            raise self.unread from None
        self._read += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._read > self._most:
            self.unread = _UnreadError(413, _too_large(self._most))
            raise self.unread
        return message
