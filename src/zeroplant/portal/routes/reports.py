"""Reports for download: of the operation over some days, and of the plan."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from pydantic import AwareDatetime, BaseModel, Field

from zeroplant.errors import InputError, Problem
from zeroplant.portal.access import Right
from zeroplant.portal.gate import Visitor, needs, service_of
from zeroplant.portal.pages import page
from zeroplant.portal.present import now_of
from zeroplant.portal.reporting import Kind, Report, ReportDesk
from zeroplant.portal.reporting.desk import KEPT
from zeroplant.portal.reporting.writing import FILES
from zeroplant.portal.studio import BusyError

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/reports", tags=["reports"])
SEE = needs(Right.SEE)
LONGEST = 92
"""Days of a report."""
NOTHING: dict[int | str, dict[str, Any]] = {404: {"description": "there is no such file"}}
BUSY: dict[int | str, dict[str, Any]] = {
    403: {"description": "the plan's report needs the right to plan"},
    503: {"description": "too many reports of this person, or of all, wait; try again later"},
}
MEDIA = {
    "report.html": "text/html; charset=utf-8",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "report.parquet": "application/vnd.apache.parquet",
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the file",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA.values()
        },
    }
}


class NewReport(BaseModel):
    """A report to be made."""

    kind: Kind = Field("operation", description="'operation' or 'plan'")
    first: date = Field(description="first day, on the plant's clock; of no meaning for the plan")
    last: date = Field(description="last day, on the plant's clock")


class ReportBody(BaseModel):
    """A report that was asked for."""

    id: str = Field(description="under which its files are found")
    kind: Kind = Field(description="'operation' or 'plan'")
    first: date = Field(description="first day")
    last: date = Field(description="last day")
    asked: AwareDatetime = Field(description="when it was asked for, UTC")
    who: str = Field(description="by whom")
    state: str = Field(description="'making', 'ready' or 'failed'")
    problems: list[str] = Field(description="why it failed, a line each; else empty")


@pages.get("/reports")
def reports_page(request: Request, visitor: Annotated[Visitor, SEE]) -> Response:
    """What was asked for, and a form for another."""
    today = _today(request)
    return page(request, "reports.html.j2", visitor=visitor, reports=_seen(request, visitor),
                today=today, kept=KEPT, longest=LONGEST)  # fmt: skip


@pages.post("/reports")
async def ask_on_page(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    first: Annotated[date, Form()],
    last: Annotated[date, Form()],
    kind: Annotated[Kind, Form()] = "operation",
) -> Response:
    """Have a report made, and go back to the list."""
    await _asked(request, visitor, NewReport(kind=kind, first=first, last=last))
    return RedirectResponse("/reports", 303)


@api.get("")
def listed(request: Request, visitor: Annotated[Visitor, SEE]) -> list[ReportBody]:
    """Reports that are kept, the newest first; those of the plan for who may plan."""
    return [_body(each) for each in _seen(request, visitor)]


@api.post("", status_code=202, responses=BUSY)
async def ask(request: Request, visitor: Annotated[Visitor, SEE], report: NewReport) -> ReportBody:
    """Have a report made; it is ready when the list says so."""
    return _body(await _asked(request, visitor, report))


@api.get("/{report}/{name}", response_class=FileResponse, responses={**NOTHING, **FILE})
def file(
    request: Request,
    visitor: Annotated[Visitor, SEE],
    report: Annotated[str, Path(pattern=r"^[a-f0-9]{16}$", description="id of the report")],
    name: Annotated[str, Path(max_length=20, description=f"one of {', '.join(FILES)}")],
) -> FileResponse:
    """A file of a report, to be kept."""
    found = _desk(request).file(report, name)
    if found is None or report not in {each.id for each in _seen(request, visitor)}:
        raise HTTPException(404, "there is no such file")
    service_of(request).note(visitor.person.name, "took a report", report, {"file": name})
    return FileResponse(found, media_type=MEDIA[name], filename=f"{found.parent.name}-{name}")


def _seen(request: Request, visitor: Visitor) -> list[Report]:
    """The reports somebody may have: what a plan costs and earns is for who may plan."""
    plans = visitor.person.may(Right.PLAN)
    return [each for each in _desk(request).all() if plans or each.kind == "operation"]


async def _asked(request: Request, visitor: Visitor, wanted: NewReport) -> Report:
    """Raises InputError for days that cannot be, HTTPException as the API says."""
    if not timedelta() <= wanted.last - wanted.first < timedelta(days=LONGEST):
        instead = f"write at most {LONGEST} days, the first before the last"
        raise InputError(Problem("these days cannot be reported", "first", instead))
    if wanted.kind == "operation" and wanted.first > _today(request):
        raise InputError(Problem("these days are still to come", "first", "write earlier ones"))
    if wanted.kind == "plan" and not visitor.person.may(Right.PLAN):
        raise HTTPException(403, "this needs the right to plan")
    service, span = service_of(request), (wanted.first, wanted.last)
    now, then = service.clock.now(), now_of(request)
    try:
        report = await _desk(request).ask(wanted.kind, span, visitor.person.name, now, then)
    except BusyError:
        raise HTTPException(503, "too many wait already", {"retry-after": "10"}) from None
    who, kind = visitor.person.name, {"kind": wanted.kind}
    await asyncio.to_thread(service.note, who, "asked for a report", report.id, kind)
    return report


def _today(request: Request) -> date:
    """The day on the plant's clock."""
    zone = ZoneInfo(service_of(request).plant.time.zone)
    return now_of(request).astimezone(zone).date()


def _desk(request: Request) -> ReportDesk:
    desk: ReportDesk = request.app.state.reports
    return desk


def _body(report: Report) -> ReportBody:
    return ReportBody.model_validate(vars(report))
