"""The application: routes behind the gate, in the shell."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import resources
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

import zeroplant
from zeroplant.errors import InputError
from zeroplant.portal import problems
from zeroplant.portal.by_hand import ByHand
from zeroplant.portal.description import describe
from zeroplant.portal.door import Door
from zeroplant.portal.gate import StrangerError, carry_form_key
from zeroplant.portal.measures import Measures
from zeroplant.portal.navigation import Navigation
from zeroplant.portal.past import Past
from zeroplant.portal.planned import Planned
from zeroplant.portal.readers import Readers, searches
from zeroplant.portal.reporting import ReportDesk
from zeroplant.portal.routes import (
    alarm_history,
    alarms,
    checkup,
    entry,
    fleet,
    forecasts,
    grid,
    health,
    history,
    journal,
    live,
    people,
    plan,
    plant,
    replay,
    reports,
    schedule,
    setpoints,
    setpoints_api,
    today,
)
from zeroplant.portal.service import Service
from zeroplant.portal.shell import Application, Scope, Shell
from zeroplant.portal.studio import Studio
from zeroplant.portal.views import Views
from zeroplant.portal.watch import Watch

ABOUT = """The running plant: what it measures, plans and does, and the people who may look at it.
Send a token as `Authorization: Bearer …`. Moments are UTC; quantities are in the units named."""


ANSWERS: dict[Any, Callable[[Request, Any], Response]] = {
    StrangerError: problems.stranger,
    HTTPException: problems.refused,
    InputError: problems.unfit,
    RequestValidationError: problems.misshapen,
    Exception: problems.failed,
}
"""What is answered where a request comes to nothing."""


BOTH = (
    live,
    today,
    plant,
    alarms,
    grid,
    journal,
    replay,
    schedule,
    forecasts,
    plan,
    reports,
    people,
)
ROUTERS = (
    *(entry.router, health.router, history.api, fleet.pages, checkup.pages, alarm_history.pages),
    *(setpoints.pages, setpoints_api.api),
    *(router for routes in BOTH for router in (routes.pages, routes.api)),
)
"""Pages and API, by room."""


def application(service: Service) -> Application:
    """The whole service as an ASGI application, which closes the service when it ends."""
    by_hand = ByHand(service.folder.path, service.take_over)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as ending:  # all of it, whatever one of them dies of
            ending.callback(service.close)  # here: a signal ends the process before what follows
            ending.callback(app.state.past.close)
            ending.push_async_callback(app.state.reports.close)
            await ending.enter_async_context(by_hand.followed())
            await ending.enter_async_context(app.state.past.followed())
            await ending.enter_async_context(app.state.watch.running())
            yield

    app = FastAPI(
        lifespan=life,
        title="zeroplant",
        version=zeroplant.__version__,
        description=ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page would fetch scripts from elsewhere
        redoc_url=None,
        dependencies=[Depends(carry_form_key)],
        responses=problems.REFUSALS,
    )
    app.state.service = service
    app.state.views = Views()
    measures = app.state.measures = Measures(
        lambda: watch.image, lambda: watch.age(service.clock.now())
    )
    watch = app.state.watch = Watch(service.folder.live, measures.viewers, service.worded)
    app.state.reports = ReportDesk(Studio(service.studio.path), service.folder.path)
    app.state.past = Past(service.folder.history)
    app.state.readers = Readers()
    app.state.searches = searches()
    app.state.planned = Planned(service.folder.schedules)
    for router in ROUTERS:
        app.include_router(router)
    app.state.navigation = Navigation(app)
    describe(app)
    static = resources.files("zeroplant.portal") / "static"
    app.mount("/static", StaticFiles(directory=str(static)))
    app.add_middleware(Door)
    for error, answer in ANSWERS.items():
        app.add_exception_handler(error, answer)

    def done(scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        measures.request(scope["method"], getattr(route, "path", "-"), status, seconds)

    def refuse(scope: Scope, status: int, why: str) -> Application:
        return problems.told(Request({**scope, "app": app}), status, why)

    return Shell(app, hosts=service.hosts, secure=service.secure, refuse=refuse, done=done)
