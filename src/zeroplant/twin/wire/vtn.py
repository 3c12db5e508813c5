"""A small OpenADR 3 server (VTN) for the twin: tokens, programs, events, reports.

Enough of 3.0.1 and 3.1.0 for clients we did not write. Objects live in memory. A business logic
client ("bl") writes programs and events; a VEN reads them and writes reports.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from aiohttp import web

from zeroplant.links.clock import Clock, SystemClock

Role = Literal["bl", "ven"]
WRITES: dict[str, tuple[Role, ...]] = {
    "programs": ("bl",),
    "events": ("bl",),
    "reports": ("ven",),
    "vens": ("bl", "ven"),
}
REQUIRED = {
    "programs": ("programName",),
    "events": ("programID", "intervals"),
    "reports": ("programID", "eventID", "clientName", "resources"),
    "vens": ("venName",),
}
LIFETIME = timedelta(hours=1)
MOST = 50
"""Objects given at once."""


@dataclass
class Vtn:
    """``clients`` are secrets and roles by client id. Listens on loopback."""

    clients: Mapping[str, tuple[str, Role]]
    clock: Clock = field(default_factory=SystemClock)
    objects: dict[str, dict[str, dict[str, Any]]] = field(init=False)
    """What is kept, by collection and id; the twin may write into it itself by ``put``."""
    port: int = field(default=0, init=False)
    _tokens: dict[str, tuple[Role, datetime]] = field(default_factory=dict, init=False)
    _runner: web.AppRunner | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.objects = {name: {} for name in WRITES}

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/openadr3/3.1.0"

    async def open(self, port: int = 0) -> None:
        """Listen. Raises OSError if the port cannot be had."""
        application = web.Application(client_max_size=1024 * 1024)
        inside = web.Application()
        inside.router.add_get("/auth/server", self._server)
        inside.router.add_post("/auth/token", self._token)
        for name in WRITES:
            inside.router.add_get(f"/{name}", self._list)
            inside.router.add_post(f"/{name}", self._create)
            inside.router.add_get(f"/{name}/{{id}}", self._one)
            inside.router.add_put(f"/{name}/{{id}}", self._update)
            inside.router.add_delete(f"/{name}/{{id}}", self._delete)
        application.add_subapp("/openadr3/3.1.0", inside)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Stop listening; what is kept stays."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def put(self, collection: str, said: Mapping[str, Any], identity: str = "") -> dict[str, Any]:
        """Write an object as a client would; the object as it is kept."""
        now = self.clock.now().astimezone(UTC).isoformat(timespec="milliseconds")
        known = self.objects[collection].get(identity, {})
        identity = identity or secrets.token_hex(8)
        kept = {
            **said,
            "id": identity,
            "objectType": collection.removesuffix("s").upper(),
            "createdDateTime": known.get("createdDateTime", now),
            "modificationDateTime": now,
        }
        self.objects[collection][identity] = kept
        return kept

    async def _server(self, _: web.Request) -> web.Response:
        return web.json_response({"tokenURL": f"{self.url}/auth/token"})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        secret, role = self.clients.get(str(form.get("client_id")), ("", "ven"))
        right = secret and secrets.compare_digest(secret, str(form.get("client_secret")))
        if form.get("grant_type") != "client_credentials" or not right:
            return web.json_response({"error": "invalid_client"}, status=401)
        token = secrets.token_urlsafe(24)
        self._tokens[token] = role, self.clock.now() + LIFETIME
        lifetime = int(LIFETIME.total_seconds())
        return web.json_response(
            {"access_token": token, "token_type": "Bearer", "expires_in": lifetime}
        )

    def _role(self, request: web.Request) -> Role:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        role, until = self._tokens.get(token, ("ven", datetime.min.replace(tzinfo=UTC)))
        if until <= self.clock.now():
            raise _problem(web.HTTPUnauthorized, "no token, or an old one")
        return role

    async def _list(self, request: web.Request) -> web.Response:
        self._role(request)
        found = list(self.objects[_collection(request)].values())
        for query, key in (("programID", "programID"), ("eventID", "eventID")):
            if query in request.query:
                found = [each for each in found if each.get(key) == request.query[query]]
        try:
            skip, limit = (int(request.query.get(k, d)) for k, d in (("skip", 0), ("limit", MOST)))
        except ValueError:
            raise _problem(web.HTTPBadRequest, "skip and limit are numbers") from None
        return web.json_response(found[skip : skip + min(limit, MOST)])

    async def _one(self, request: web.Request) -> web.Response:
        self._role(request)
        return web.json_response(self._found(request))

    async def _create(self, request: web.Request) -> web.Response:
        said = await self._said(request)
        return web.json_response(self.put(_collection(request), said), status=201)

    async def _update(self, request: web.Request) -> web.Response:
        said = await self._said(request)
        known = self._found(request)
        return web.json_response(self.put(_collection(request), said, known["id"]))

    async def _delete(self, request: web.Request) -> web.Response:
        self._may_write(request)
        known = self._found(request)
        return web.json_response(self.objects[_collection(request)].pop(known["id"]))

    def _found(self, request: web.Request) -> dict[str, Any]:
        known = self.objects[_collection(request)].get(request.match_info["id"])
        if known is None:
            raise _problem(web.HTTPNotFound, "there is no such object")
        return known

    def _may_write(self, request: web.Request) -> None:
        if self._role(request) not in WRITES[_collection(request)]:
            raise _problem(web.HTTPForbidden, "not yours to write")

    async def _said(self, request: web.Request) -> dict[str, Any]:
        self._may_write(request)
        try:
            said = await request.json()
        except ValueError:
            raise _problem(web.HTTPBadRequest, "no JSON") from None
        missing = [
            key
            for key in REQUIRED[_collection(request)]
            if not isinstance(said, dict) or key not in said
        ]
        if missing:
            raise _problem(web.HTTPBadRequest, f"missing: {', '.join(missing)}")
        return dict(said)


def _collection(request: web.Request) -> str:
    return request.path.removeprefix("/openadr3/3.1.0/").partition("/")[0]


def _problem(kind: type[web.HTTPException], detail: str) -> web.HTTPException:
    """An error as RFC 7807 has it."""
    body = web.json_response({"title": kind.__name__, "detail": detail}).text
    return kind(text=body, content_type="application/problem+json")
