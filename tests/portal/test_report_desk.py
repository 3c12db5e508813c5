"""Who asks for reports cannot crowd out others, and none takes for ever."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from zeroplant.portal.reporting import ReportDesk, desk
from zeroplant.portal.studio import BusyError, Studio

NOW = datetime(2025, 6, 1, tzinfo=UTC)
SPAN = (date(2025, 6, 1), date(2025, 6, 1))


class Endless:
    """A studio whose work never ends."""

    path, busy = Path("plant.yaml"), False

    async def work(self, *_: Any) -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    def close(self) -> None:
        """Nothing is held."""


async def ask(reports: ReportDesk, who: str) -> None:
    await reports.ask("operation", SPAN, who, NOW, NOW)


def test_one_person_has_two_in_the_making(tmp_path: Path) -> None:
    async def all_of_it() -> None:
        reports = ReportDesk(cast(Studio, Endless()), tmp_path)
        for _ in range(desk.EACH):
            await ask(reports, "wang")
        with pytest.raises(BusyError):
            await ask(reports, "wang")
        await ask(reports, "lin")
        await reports.close()

    asyncio.run(all_of_it())


def test_one_person_pushes_out_only_their_own(tmp_path: Path, monkeypatch: Any) -> None:
    """However many wang asks for, the one that lin waits for stays."""
    monkeypatch.setattr(desk, "EACH", 100)

    async def all_of_it() -> None:
        reports = ReportDesk(cast(Studio, Endless()), tmp_path)
        await ask(reports, "lin")
        for _ in range(2 * desk.KEPT):
            await ask(reports, "wang")
        await reports.close()
        again = ReportDesk(cast(Studio, Endless()), tmp_path)  # none of them is in the making
        await ask(again, "wang")
        by = [each.who for each in again.all()]
        assert (by.count("lin"), by.count("wang")) == (1, desk.KEPT)
        await again.close()

    asyncio.run(all_of_it())


def test_a_report_that_takes_too_long_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "DEADLINE", 0.01)

    async def all_of_it() -> None:
        reports = ReportDesk(cast(Studio, Endless()), tmp_path)
        await ask(reports, "wang")
        for _ in range(6000):
            if reports.all()[0].state == "failed":
                break
            await asyncio.sleep(0.01)
        assert "ask for fewer days" in reports.all()[0].problems[0]
        for _ in range(desk.EACH):  # and its place is free again
            await ask(reports, "wang")
        await reports.close()

    asyncio.run(all_of_it())
