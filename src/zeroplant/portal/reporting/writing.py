"""What the studio's process does for a report: write all its files into a folder."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from zeroplant.errors import InputError, SolveError

PAGE, BOOK, TABLE = "report.html", "report.xlsx", "report.parquet"
FILES = (PAGE, BOOK, TABLE)


def operation(
    plant: Path, data: Path, span: tuple[date, date], now: datetime, folder: Path
) -> dict[str, Any]:
    """Write the operation's report of a span; what is wrong comes back, a line each."""
    from zeroplant.portal.reporting.facts import gather
    from zeroplant.portal.reporting.page import write_page
    from zeroplant.portal.reporting.tables import write_parquet, write_workbook

    try:
        found = gather(plant, data, *span, now)
        if not found.times:
            return {"problems": ["no quarter-hour of these days is over yet"]}
        write_parquet(found, folder / TABLE)
        write_workbook(found, folder / BOOK)
        write_page(found, folder / PAGE)
    except (InputError, SolveError) as error:
        return {"problems": str(error).splitlines()}
    return {"problems": []}


def planned(plant: Path, folder: Path) -> dict[str, Any]:
    """Write the plan's report as ``zeroplant plan --out`` does."""
    from zeroplant.plan import plan
    from zeroplant.plan.report import write_html, write_xlsx
    from zeroplant.plan.tables import write_tables
    from zeroplant.plant import load_plant

    try:
        result = plan(load_plant(plant))
        write_tables(result, folder).replace(folder / TABLE)
        write_xlsx(result, folder / BOOK)
        write_html(result, folder / PAGE)
    except (InputError, SolveError) as error:
        return {"problems": str(error).splitlines()}
    return {"problems": []}
