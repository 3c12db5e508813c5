"""The application: routes behind the gate, in the shell."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

import zeroplant
from zeroplant.errors import InputError
from zeroplant.portal.gate import StrangerError, carry_form_key
from zeroplant.portal.measures import Measures
from zeroplant.portal.routes import entry, health, live, people, plan, schedule
from zeroplant.portal.service import Service
from zeroplant.portal.shell import Application, Scope, Shell
from zeroplant.portal.watch import Watch

ABOUT = """The running plant: what it measures, plans and does, and the people who may look at it.
Send a token as `Authorization: Bearer …`. Moments are UTC; quantities are in the units named."""


def application(service: Service) -> Application:
    """The whole service as an ASGI application, which closes the service when it ends."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with app.state.watch.running():
            yield
        service.close()  # here, for a signal ends the process before anything after it runs

    app = FastAPI(
        lifespan=life,
        title="zeroplant",
        version=zeroplant.__version__,
        description=ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page would fetch scripts from elsewhere
        redoc_url=None,
        dependencies=[Depends(carry_form_key)],
    )
    app.state.service = service
    measures = app.state.measures = Measures()
    watch = app.state.watch = Watch(service.folder.live, measures.viewers)
    measures.image_age.set_function(lambda: watch.age(service.clock.now()))
    app.include_router(entry.router)
    app.include_router(health.router)
    for routes in (live, schedule, plan, people):
        app.include_router(routes.pages)
        app.include_router(routes.api)
    static = resources.files("zeroplant.portal") / "static"
    app.mount("/static", StaticFiles(directory=str(static)))
    app.add_exception_handler(StrangerError, _stranger)
    app.add_exception_handler(InputError, _unfit)
    app.add_exception_handler(RequestValidationError, _misshapen)

    def done(scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        measures.request(scope["method"], getattr(route, "path", "-"), status, seconds)

    return Shell(app, secure=service.secure, done=done)


def _stranger(request: Request, _: Exception) -> Response:
    """Another system is told; a person is asked who they are."""
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        headers = {"www-authenticate": "Bearer"}
        return JSONResponse({"detail": "log in, or send a token"}, 401, headers)
    return RedirectResponse("/login", 303)


def _unfit(_: Request, error: Any) -> Response:
    """What is wrong with what was sent, a line per problem."""
    return JSONResponse({"detail": [str(problem) for problem in error.problems]}, 422)


def _misshapen(_: Request, error: Any) -> Response:
    """Where a request has another shape than described; what was sent is not repeated."""
    found = [
        {"type": each["type"], "loc": [str(part) for part in each["loc"]], "msg": each["msg"]}
        for each in error.errors()
    ]
    return Response(
        json.dumps({"detail": found}), 422, media_type="application/json"
    )  # ASCII only: it can say whatever was sent as a key
