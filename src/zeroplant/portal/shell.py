"""What surrounds every request: its number, its size, where it comes from, and strict headers."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST = 2**18
"""Bytes of a request: knobs, orders and roles are small, and reading more would hold up others."""
TOO_LARGE = f"a request is at most {LARGEST} bytes"
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
"""How long files of the page itself are kept; they carry their version in their address."""
_NUMBER = re.compile(r"[\w-]{8,64}")

log = logging.getLogger("zeroplant.portal")


class TooLargeError(Exception):
    """More came than the service reads."""


class Shell:
    """An application in its shell. Answers 403 and 413 by itself; logs one line per request."""

    def __init__(self, inner: Application, *, secure: bool, done: Callable[..., None]) -> None:
        self._inner, self._secure, self._done = inner, secure, done

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
        begin, status, body = time.perf_counter(), 500, _Measured(receive)

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._dress(scope, message, number)
            await send(message)

        async def answer_of_inner(message: Message) -> None:
            if not body.too_long:  # else what it says of half a request is of no interest
                await answer(message)

        try:
            if refused := self._refused(scope, headers):
                await _plain(answer, *refused)
            else:
                with suppress(TooLargeError):
                    await self._inner(scope, body, answer_of_inner)
                if body.too_long:
                    await _plain(answer, 413, TOO_LARGE)
        finally:
            seconds = time.perf_counter() - begin
            self._done(scope, status, seconds)
            said = {"request": number, "method": scope["method"], "path": scope["path"],
                    "status": status, "ms": round(1e3 * seconds, 1)}  # fmt: skip
            log.info(json.dumps(said, ensure_ascii=False))

    def _refused(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        """Why a request is not even looked at, if so."""
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST:
            return 413, TOO_LARGE
        if scope["method"] in CHANGING and not _from_here(headers):
            return 403, "this request comes from another site"
        return None

    def _dress(self, scope: Scope, message: Message, number: str) -> None:
        """Strict headers on every answer, errors included."""
        given = {name.lower() for name, _ in message["headers"]}
        own = {**HEADERS, "x-request-id": number}
        if self._secure:
            own["strict-transport-security"] = "max-age=31536000"
        if scope["path"].startswith("/static/") and message["status"] == 200:
            own["cache-control"] = LASTING
        message["headers"] = [
            *message["headers"],
            *((k.encode(), v.encode()) for k, v in own.items() if k.encode() not in given),
        ]


def _from_here(headers: dict[str, str]) -> bool:
    """Whether a change was asked for by a page of ours, or by no browser at all."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


class _Measured:
    """A request whose body ends where it becomes too long, whatever its header says."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._read = receive, 0

    @property
    def too_long(self) -> bool:
        return self._read > LARGEST

    async def __call__(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        if self.too_long:
            raise TooLargeError
        return message


async def _plain(send: Send, status: int, detail: str) -> None:
    body = json.dumps({"detail": detail}).encode()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
