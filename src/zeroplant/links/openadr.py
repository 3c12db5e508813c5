"""An OpenADR 3 end node (VEN): reads a server's events, tells what is new, and reports usage.

Over aiohttp, which hat-drivers brings anyway: the `openadr3` library is synchronous and lets one
malformed event hide all others. It serves as the other side in the tests.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from zeroplant.links.clock import Clock, SystemClock
from zeroplant.links.openadr_event import MalformedEventError, Signal, Span, signals

log = logging.getLogger(__name__)

__all__ = ["OnCancelled", "OnSignal", "Signal", "Span", "Usage", "Ven"]

PAGE = 50
"""Objects asked for at once; the most a server has to give (OpenADR 3)."""
PAGES = 200
LARGEST = 4 * 1024 * 1024
"""Bytes of an answer."""
PATIENCE = aiohttp.ClientTimeout(total=10.0)
LONGEST_WAIT = 300.0
"""Seconds between attempts at a server that does not answer."""
SCOPES = "read_all write_reports"

OnSignal = Callable[[Signal], None]
OnCancelled = Callable[[str, str], None]
"""Told the event and the kind of signal that no longer holds."""


@dataclass(frozen=True)
class Usage:
    """Mean powers in MW, a step apart, to be reported of a resource; direction as said."""

    resource: str
    start: datetime
    step: timedelta
    values: Sequence[float]
    kind: str = "USAGE"


class RefusedError(OSError):
    """The server answered, but not what was asked for."""


@dataclass
class Ven:
    """Reads the server's events every so often. Signals stand as they were while it is away.

    ``on_signal`` is called for what is new or has changed, ``on_cancelled`` for what a complete
    reading no longer holds. An event that cannot be understood is left out and told once in the
    log; if an earlier version was understood, that one stands.
    """

    url: str
    client: str
    secret: str
    on_signal: OnSignal
    on_cancelled: OnCancelled = lambda _event, _kind: None
    name: str = "zeroplant"
    programs: Sequence[str] = ()
    """Names of the programs it takes part in; empty: all it may read."""
    every: float = 10.0
    clock: Clock = field(default_factory=SystemClock)
    token_url: str = ""
    """Where tokens are had, if not from the server itself."""
    heard: datetime | None = field(default=None, init=False)
    """When the server was last read completely."""
    standing: dict[tuple[str, str], Signal] = field(default_factory=dict, init=False)
    """What holds or is to come, by event and kind."""
    _token: str = field(default="", init=False)
    seen: dict[str, datetime] = field(default_factory=dict, init=False)
    """When each version of an event was first read: a start of "now" is that moment."""
    _http: aiohttp.ClientSession | None = field(default=None, init=False)

    async def run(self) -> None:
        """Go on until cancelled; an absent server is asked less and less often."""
        wait = self.every
        try:
            while True:
                try:
                    await self.poll()
                    wait = self.every
                except (OSError, TimeoutError, aiohttp.ClientError) as error:
                    log.warning("%s: %r", self.url, error)
                    wait = min(2.0 * wait, max(LONGEST_WAIT, self.every))
                await self.clock.sleep(wait)
        finally:
            await self.close()

    async def close(self) -> None:
        """Disconnect."""
        if self._http:
            await self._http.close()
            self._http = None

    async def poll(self) -> None:
        """Read everything once. Raises OSError, TimeoutError or aiohttp.ClientError."""
        wanted = {
            str(each["id"])
            for each in await self._all("programs")
            if "id" in each and (not self.programs or each.get("programName") in self.programs)
        }
        events = await self._all("events")
        now = self.clock.now()
        latest: dict[str, dict[str, Any]] = {}
        for event in events:
            if str(event.get("programID")) in wanted and _addressed(event, self.name):
                known = latest.setdefault(str(event.get("id")), event)
                if str(event.get("modificationDateTime")) > str(known.get("modificationDateTime")):
                    latest[str(event.get("id"))] = event
        found: dict[tuple[str, str], Signal] = {}
        for identity, event in latest.items():
            found |= self._understood(identity, event, now)
        listed = {f"{i} {event.get('modificationDateTime')}" for i, event in latest.items()}
        self.seen = {version: at for version, at in self.seen.items() if version in listed}
        self.heard = now
        self._compare(found, now)

    async def report(self, signal: Signal, usages: Sequence[Usage]) -> None:
        """Report powers for an event. Raises OSError, TimeoutError or aiohttp.ClientError."""
        kinds = dict.fromkeys(usage.kind for usage in usages)
        body = {
            "programID": signal.program,
            "eventID": signal.event,
            "clientName": self.name,
            "payloadDescriptors": [
                {"payloadType": kind, "readingType": "MEAN", "units": "KW"} for kind in kinds
            ],
            "resources": [_resource(usage) for usage in usages],
        }
        await self._request("POST", "reports", json=body)

    def _understood(
        self, identity: str, event: Mapping[str, Any], now: datetime
    ) -> dict[tuple[str, str], Signal]:
        version = f"{identity} {event.get('modificationDateTime')}"
        new = version not in self.seen
        first = self.seen.setdefault(version, now)
        try:
            return {(identity, each.kind): each for each in signals(event, self.name, first)}
        except MalformedEventError as error:
            if new:
                log.warning("%s: event %s: %s", self.url, identity, error)
            return {key: each for key, each in self.standing.items() if key[0] == identity}

    def _compare(self, found: Mapping[tuple[str, str], Signal], now: datetime) -> None:
        """Tell what is new, what changed and what is gone; what has ended is forgotten."""
        ahead = {key: each for key, each in found.items() if not _over(each, now)}
        before, self.standing = self.standing, ahead
        for key, each in before.items():
            if key not in found and not _over(each, now):
                self.on_cancelled(*key)
        for key, each in ahead.items():
            if before.get(key) != each:
                self.on_signal(each)

    async def _all(self, what: str) -> list[dict[str, Any]]:
        """Every object of a collection, page by page."""
        found: list[dict[str, Any]] = []
        for page in range(PAGES):
            query = {"skip": str(page * PAGE), "limit": str(PAGE)}
            part = await self._request("GET", what, params=query)
            if not isinstance(part, list):
                message = f"{what}: no list"
                raise RefusedError(message)
            found += [each for each in part if isinstance(each, dict)]
            if len(part) < PAGE:
                break
        return found

    async def _request(self, method: str, what: str, **more: Any) -> Any:
        """One request with a token; an old token is exchanged once."""
        for fresh in (False, True):
            if fresh or not self._token:
                self._token = await self._log_in()
            headers = {"Authorization": f"Bearer {self._token}"}
            status, answer = await self._send(method, f"{self.url}/{what}", headers, **more)
            if status != 401:  # 401: the token has run out
                break
        if status >= 300:
            message = f"{method} {what}: {status}"
            raise RefusedError(message)
        return answer

    async def _log_in(self) -> str:
        """A token by client credentials (OAuth 2.0, RFC 6749 §4.4).

        The secret goes to the server itself, or to where it was said that it may go: not wherever
        an answer says.
        """
        where = self.token_url or await self._token_place()
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client,
            "client_secret": self.secret,
            "scope": SCOPES,
        }
        status, answer = await self._send("POST", where, {}, data=form)
        if status >= 300 or not isinstance(answer, dict) or "access_token" not in answer:
            message = f"no token: {status}"
            raise RefusedError(message)
        return str(answer["access_token"])

    async def _token_place(self) -> str:
        """Where the server says that tokens are had; raises RefusedError for another server."""
        _, server = await self._send("GET", f"{self.url}/auth/server", {})
        said = server.get("tokenURL") if isinstance(server, dict) else None
        where = str(said or f"{self.url}/auth/token")
        if where.startswith("/"):
            return self.url + where
        if urlsplit(where)[:2] != urlsplit(self.url)[:2]:
            message = f"tokens are had from {where}: name it as 'token_url' if that is right"
            raise RefusedError(message)
        return where

    async def _send(
        self, method: str, where: str, headers: Mapping[str, str], **more: Any
    ) -> tuple[int, Any]:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=PATIENCE)
        async with self._http.request(
            method, where, headers=headers, allow_redirects=False, **more
        ) as answer:
            raw = b""
            async for part in answer.content.iter_chunked(65536):
                raw += part
                if len(raw) > LARGEST:
                    message = f"{where}: more than {LARGEST} bytes"
                    raise RefusedError(message)
            try:
                return answer.status, json.loads(raw) if raw else None
            except (ValueError, RecursionError):
                message = f"{where}: {answer.status}, no JSON"
                raise RefusedError(message) from None


def _addressed(event: Mapping[str, Any], name: str) -> bool:
    """Whether it is for us. In 3.0 an event names its VENs; in 3.1 the server has seen to it."""
    targets = event.get("targets")
    named = [
        each.get("values") or []
        for each in (targets if isinstance(targets, list) else [])
        if isinstance(each, dict) and each.get("type") == "VEN_NAME"
    ]
    return not named or any(name in values for values in named if isinstance(values, list))


def _over(signal: Signal, now: datetime) -> bool:
    return all(span.until is not None and span.until <= now for span in signal.spans)


def _resource(usage: Usage) -> dict[str, Any]:
    seconds = usage.step.total_seconds()
    start = usage.start.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {
        "resourceName": usage.resource,
        "intervalPeriod": {"start": start, "duration": f"PT{seconds:g}S"},
        "intervals": [
            {"id": n, "payloads": [{"type": usage.kind, "values": [1e3 * value]}]}
            for n, value in enumerate(usage.values)
        ],
    }
