"""The quarter-hours of a report as a Parquet file and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from zeroplant.axis import Floats
from zeroplant.files import atomic_path
from zeroplant.plan.report.text import Text, same
from zeroplant.plan.tables import suffix
from zeroplant.portal.reporting.facts import Operation
from zeroplant.portal.reporting.words import WORDS
from zeroplant.portal.scene import over_an_hour


def columns(found: Operation) -> Iterator[tuple[str, Text, str, Floats]]:
    """Name, words, unit and values of everything that is told of each quarter-hour."""
    for course in found.courses:
        for word, values in (("planned", course.planned), ("actual", course.actual)):
            name = WORDS[word]
            said = Text(f"{course.name.en}, {name.en}", f"{course.name.zh}（{name.zh}）")
            yield f"{course.key}_{word}", said, course.unit, values
    for node, values in found.prices.items():
        price = WORDS["price"]
        said = Text(f"{node}, {price.en}", f"{node}（{price.zh}）")
        yield f"{node}_price", said, f"{found.currency}/{over_an_hour(found.units[node])}", values
    earned = WORDS["gain"]
    for line, values in found.lines:
        said = Text(f"{line.en}, {earned.en}", f"{line.zh}（{earned.zh}）")
        yield f"{line.en} earned", said, found.currency, -values
    yield "emissions", WORDS["emitted"], "tCO2", found.emissions


def write_parquet(found: Operation, path: Path) -> None:
    """Each quarter-hour with its moment in UTC; columns are called ``<name>_<unit>``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stamps = pa.array([each.timestamp() for each in found.times], pa.float64())
    data = {"time_utc": stamps.cast(pa.int64()).cast(pa.timestamp("s", tz="UTC"))}
    for name, _, unit, values in columns(found):
        data[f"{name}_{suffix(unit)}"] = pa.array(values, pa.float64(), from_pandas=True)
    about = {"plant": found.name, "zone": found.zone, "currency": found.currency}
    with atomic_path(path) as temporary:
        pq.write_table(pa.table(data).replace_schema_metadata(about), temporary, compression="zstd")


def write_workbook(found: Operation, path: Path) -> None:
    """A sheet each for the summary, money, alarms, and every quarter-hour."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with atomic_path(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), options)
        forms = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "number": book.add_format({"num_format": "#,##0.00"}),
        }
        _summary(book.add_worksheet("Summary 概要"), found, forms)
        _money(book.add_worksheet("Money 收支"), found, forms)
        _alarms(book.add_worksheet("Alarms 告警"), found, forms)
        _quarters(book.add_worksheet("Quarter-hours 每15分钟"), found, forms)
        book.close()


def _summary(sheet: Any, found: Operation, forms: dict[str, Any]) -> None:
    total = found.account["money"]["total"]
    rows: list[tuple[str, float | str | None, str]] = [
        (found.name, f"{found.first} – {found.last}", found.zone),
        *((WORDS[name].both, value, "MWh") for name, value in found.account["energy"].items()),
        (WORDS["earned"].both, None if total is None else -total, found.currency),
        (WORDS["emitted"].both, found.account["carbon"]["kg"], "kgCO2"),
        (WORDS["deviation"].both, found.deviation, "MW"),
        *((each.en, each.zh, "") for each in found.unknown),
    ]
    sheet.set_column(0, 1, 44)
    for row, (name, value, unit) in enumerate(rows):
        sheet.write_string(row, 0, name, forms["head"])
        _write(sheet, row, 1, value, forms)
        sheet.write_string(row, 2, unit)


def _money(sheet: Any, found: Operation, forms: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 2, 30)
    sheet.write_string(0, 0, WORDS["line"].both, forms["head"])
    sheet.write_string(0, 1, f"{WORDS['gain'].both} [{found.currency}]", forms["head"])
    for row, (line, values) in enumerate(found.lines, 1):
        sheet.write_string(row, 0, line.both)
        _write(sheet, row, 1, gained(values), forms)
        sheet.write_string(row, 2, known_share(values).both)


def _alarms(sheet: Any, found: Operation, forms: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(2, 2, 90)
    for column, word in enumerate(("time", "severity", "what", "times")):
        sheet.write_string(0, column, WORDS[word].both, forms["head"])
    for row, alarm in enumerate(found.alarms, 1):
        _write(sheet, row, 0, alarm.at, forms)
        sheet.write_string(row, 1, severity(alarm.severity).both)
        sheet.write_string(row, 2, alarm.cause.both)
        _write(sheet, row, 3, float(alarm.times), forms)


def severity(name: str) -> Text:
    """How bad an alarm is, in words."""
    return WORDS[name] if name in ("critical", "major", "minor") else same(name)


def _quarters(sheet: Any, found: Operation, forms: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 200, 16)
    sheet.write_string(0, 0, WORDS["quarter"].both, forms["head"])
    sheet.write_string(0, 1, WORDS["utc"].both, forms["head"])
    for row, moment in enumerate(found.times, 1):
        _write(sheet, row, 0, moment, forms)
        _write(sheet, row, 1, moment.astimezone(UTC), forms)  # an hour comes twice a year
    for column, (_, said, unit, values) in enumerate(columns(found), 2):
        sheet.write_string(0, column, f"{said.both} [{unit}]", forms["head"])
        for row, value in enumerate(values.tolist(), 1):
            _write(sheet, row, column, value, forms)


def _write(
    sheet: Any, row: int, column: int, value: float | str | datetime | None, forms: dict[str, Any]
) -> None:
    """A cell; what is not known stays empty."""
    if isinstance(value, datetime):  # a workbook knows no zones: the plant's clock as it stood
        sheet.write_datetime(row, column, value.replace(tzinfo=None), forms["time"])
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None and np.isfinite(value):
        sheet.write_number(row, column, value, forms["number"])


def gained(paid: Floats) -> float | None:
    """What was earned in the quarter-hours that are known; None where none is."""
    known = paid[np.isfinite(paid)]
    return 0.0 - float(known.sum()) if known.size else None


def known_share(values: Floats) -> Text:
    """Of how many quarter-hours a sum is, where it is not of all or of none."""
    known = int(np.isfinite(values).sum())
    if known in (0, len(values)):
        return same("")
    said = WORDS["partial"]
    return Text(said.en.format(known, len(values)), said.zh.format(known, len(values)))
