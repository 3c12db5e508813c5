"""The reports that were asked for: made one by one, kept for a while, taken away as files."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

from zeroplant.files import write_atomic
from zeroplant.portal.newest import newest
from zeroplant.portal.reporting import writing
from zeroplant.portal.studio import BusyError, Studio

Kind = Literal["operation", "plan"]
State = Literal["making", "ready", "failed"]
DEADLINE = 900.0
"""Seconds a report may take; then its process is ended."""
EACH = 2
"""Reports of one person that may be in the making at once."""
KEPT = 10
"""Reports of one person that are kept; their oldest goes when they ask for another."""
ABOUT = "about.json"

Work: TypeAlias = Callable[[], Coroutine[Any, Any, dict[str, Any]]]


@dataclass(frozen=True)
class Report:
    """A report that was asked for: of what and which days, when and by whom, what became of it."""

    id: str
    kind: Kind
    first: str
    last: str
    asked: str
    who: str
    state: State = "making"
    problems: list[str] = field(default_factory=list)


class ReportDesk:
    """Reports of a plant, in a folder.

    ``studio`` is a process for them alone: no slider waits for a report.
    """

    def __init__(self, studio: Studio, data: Path) -> None:
        self._studio, self._data = studio, data
        self._folder = data / "reports"
        self._making: dict[str, asyncio.Task[None]] = {}
        self._asked: dict[str, str] = {}
        """By whom those in the making were asked for."""

    async def ask(
        self, kind: Kind, span: tuple[date, date], who: str, now: datetime, plant_now: datetime
    ) -> Report:
        """Have a report made; returns at once.

        Raises BusyError where too many wait already, of this person or of all.
        """
        if self._studio.busy or list(self._asked.values()).count(who) >= EACH:
            raise BusyError
        first, last = (str(each) for each in span)
        report = Report(secrets.token_hex(8), kind, first, last, now.isoformat(), who)
        self._asked[report.id] = who
        try:
            await asyncio.to_thread(self._begin, report)
        except OSError:
            self._forget(report.id)
            raise
        folder = self._folder / report.id
        if kind == "plan":
            work = partial(self._studio.work, writing.planned, self._studio.path, folder)
        else:
            given = (self._studio.path, self._data, span, plant_now, folder)
            work = partial(self._studio.work, writing.operation, *given)
        task = asyncio.create_task(self._make(report, work))
        self._making[report.id] = task
        task.add_done_callback(lambda _: self._forget(report.id))
        return report

    def all(self) -> list[Report]:
        """All reports, the newest first. One whose making was cut off has failed."""
        found = [self._read(path.parent) for path in self._folder.glob(f"*/{ABOUT}")]
        known = [each for each in found if each is not None]
        return sorted(known, key=lambda each: each.asked, reverse=True)

    def file(self, report: str, name: str) -> Path | None:
        """A file of a report that is ready; None where there is none."""
        if name not in writing.FILES:
            return None
        known = {each.id for each in self.all() if each.state == "ready"}
        path = self._folder / report / name
        return path if report in known and path.is_file() else None

    async def close(self) -> None:
        """Give up what is being made."""
        for task in (tasks := list(self._making.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._studio.close()

    def _forget(self, report: str) -> None:
        self._making.pop(report, None)
        self._asked.pop(report, None)

    async def _make(self, report: Report, work: Work) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                problems = (await work())["problems"]
        except TimeoutError:
            problems = [f"it took longer than {DEADLINE / 60:.0f} minutes; ask for fewer days"]
        except BusyError:
            problems = ["too many plans wait already"]
        except Exception as error:  # whatever it was, the page has to say that it will not come
            problems = [f"the report could not be made: {error}"]
        done = replace(report, state="failed" if problems else "ready", problems=problems)
        await asyncio.to_thread(self._write, done)

    def _begin(self, report: Report) -> None:
        theirs = [each for each in self.all() if each.who == report.who]
        for old in theirs[KEPT - 1 :]:
            if old.id not in self._making:
                shutil.rmtree(self._folder / old.id, ignore_errors=True)
        self._write(report)

    def _write(self, report: Report) -> None:
        content = json.dumps(asdict(report), ensure_ascii=False)
        write_atomic(self._folder / report.id / ABOUT, content)

    def _read(self, folder: Path) -> Report | None:
        said = newest(folder / ABOUT)
        with suppress(TypeError):
            report = Report(**(said or {}))
            if report.state == "making" and report.id not in self._making:
                return replace(report, state="failed", problems=["the service ended meanwhile"])
            return report
        return None
