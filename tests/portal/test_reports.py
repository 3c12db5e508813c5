"""Reports and forecasts: what was planned beside what came, as files that others can open."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from tests.portal.doors import enter, until
from tests.portal.lived import HOURS, MIDNIGHT, small
from zeroplant.files import write_atomic
from zeroplant.operate.schedule import Schedule
from zeroplant.portal.access import Grant, Role
from zeroplant.portal.app import application
from zeroplant.portal.planned import Planned
from zeroplant.portal.readers import MOST, Readers
from zeroplant.portal.reporting.facts import gather
from zeroplant.portal.reporting.page import write_page
from zeroplant.portal.reporting.tables import columns, write_workbook
from zeroplant.portal.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A small plant that has lived for four hours."""
    return small(tmp_path)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(application(service), follow_redirects=False) as client:
        client.headers["form-key"] = enter(client, service, "lin", Grant(Role.PLANNER))
        until(lambda: client.get("/api/v1/live").status_code == 200)  # the image has been read
        yield client


def made(client: TestClient, **wanted: str) -> dict[str, Any]:
    """A report that was asked for and is done."""
    asked = client.post("/api/v1/reports", json=wanted)
    assert asked.status_code == 202, asked.text
    for _ in range(3000):  # it is made in a process that has to start first
        (report,) = (
            r for r in client.get("/api/v1/reports").json() if r["id"] == asked.json()["id"]
        )
        if report["state"] != "making":
            return dict(report)
        time.sleep(0.1)
    raise AssertionError


def test_the_operations_report_opens_elsewhere(client: TestClient) -> None:
    """Plan and measurement of each quarter-hour in workbook and table; the page needs nothing."""
    report = made(client, first="2025-06-01", last="2025-06-01")
    assert (report["state"], report["problems"]) == ("ready", [])

    def file(name: str) -> bytes:
        answer = client.get(f"/api/v1/reports/{report['id']}/{name}")
        assert "attachment" in answer.headers["content-disposition"]
        return answer.content

    table = pq.read_table(io.BytesIO(file("report.parquet")))
    assert table.num_rows == 4 * HOURS
    assert table["time_utc"][0].as_py() == MIDNIGHT
    assert table["grid.import_actual_mw"].to_pylist() == pytest.approx([6.0] * 16)
    assert table["grid.import_planned_mw"].to_pylist() == [5.0] * 8 + [7.0] * 8
    assert table["plant.export_planned_mw"].to_pylist() == [-5.0] * 8 + [-7.0] * 8
    assert table["grid: energy bought earned_cny"].to_pylist() == pytest.approx(
        [-6 * 0.25 * 500] * 16
    )
    book = openpyxl.load_workbook(io.BytesIO(file("report.xlsx")))
    quarters = book["Quarter-hours 每15分钟"]
    assert quarters.max_row == 4 * HOURS + 1
    assert quarters.cell(2, 1).value == datetime(2025, 6, 1)  # the plant's clock
    heads = [cell.value for cell in quarters[1]]
    assert (
        quarters.cell(2, heads.index("grid import, measured grid 下网（实测） [MW]") + 1).value
        == 6.0
    )
    summary = {row[0].value: row[1].value for row in book["Summary 概要"]}
    assert summary["bought from the grid 下网购电"] == pytest.approx(6.0 * HOURS)
    assert book["Alarms 告警"].cell(2, 4).value == 2
    page = file("report.html").decode()
    assert "无应答" in page
    assert "<script src" not in page
    assert "http" not in page.split("<body>")[0].replace("http-equiv", "")


def test_the_plans_report_is_that_of_the_command(client: TestClient) -> None:
    report = made(client, kind="plan", first="2025-06-01", last="2025-06-01")
    assert report["state"] == "ready", report["problems"]
    book = client.get(f"/api/v1/reports/{report['id']}/report.xlsx").content
    assert openpyxl.load_workbook(io.BytesIO(book)).sheetnames


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [("2025-06-02", "2025-06-02", "still to come"), ("2025-05-01", "2025-04-01", "cannot be"),
     ("2024-01-01", "2025-01-01", "at most 92 days")],
)  # fmt: skip
def test_days_that_cannot_be_reported(client: TestClient, first: str, last: str, why: str) -> None:
    answer = client.post("/api/v1/reports", json={"first": first, "last": last})
    assert answer.status_code == 422
    assert why in answer.text


def test_no_other_file_is_taken_away(client: TestClient, service: Service) -> None:
    """Neither by another name nor by another id; a report that was cut off has failed."""
    folder = service.folder.path / "reports" / ("a" * 16)
    about = {"id": "a" * 16, "kind": "plan", "first": "2025-06-01", "last": "2025-06-01",
             "asked": "2025-06-01T00:00:00+00:00", "who": "lin"}  # fmt: skip
    write_atomic(folder / "about.json", json.dumps(about))
    write_atomic(folder / "report.html", "half")
    assert [each["state"] for each in client.get("/api/v1/reports").json()] == ["failed"]
    for path in ("report.html", "about.json", "..%2f..%2faccess.sqlite"):
        assert client.get(f"/api/v1/reports/{'a' * 16}/{path}").status_code in (404, 422)


def test_only_a_planner_has_the_plans_report_made(client: TestClient, service: Service) -> None:
    client.cookies.clear()
    client.headers["form-key"] = enter(client, service, "wang", Grant(Role.VIEWER))
    asked = {"kind": "plan", "first": "2025-06-01", "last": "2025-06-01"}
    assert client.post("/api/v1/reports", json=asked).status_code == 403


def test_the_plans_report_is_for_those_who_plan(client: TestClient, service: Service) -> None:
    """What a plan costs and earns: neither listed nor given by its id to a viewer."""
    folder = service.folder.path / "reports" / ("b" * 16)
    about = {"id": "b" * 16, "kind": "plan", "first": "2025-06-01", "last": "2025-06-01",
             "asked": "2025-06-01T00:00:00+00:00", "who": "lin", "state": "ready"}  # fmt: skip
    write_atomic(folder / "about.json", json.dumps(about))
    write_atomic(folder / "report.xlsx", "IRR 12 %")
    file = f"/api/v1/reports/{'b' * 16}/report.xlsx"
    assert client.get(file).status_code == 200
    assert file in client.get("/reports").text
    client.cookies.clear()
    enter(client, service, "wang", Grant(Role.VIEWER))
    assert client.get(file).status_code == 404
    assert client.get("/api/v1/reports").json() == []
    assert file not in client.get("/reports").text


def test_money_is_told_alike_everywhere(service: Service, tmp_path: Path) -> None:
    """What a line earned: of one sign on all sheets, unknown where nothing was measured, partial
    where some was not; a price for each of its node's own unit."""
    data, days = service.folder.path, (date(2025, 6, 1), date(2025, 6, 1))
    found = gather(tmp_path / "plant.yaml", data, *days, MIDNIGHT + timedelta(hours=HOURS + 1))
    line, paid = found.lines[0]
    assert np.nansum(paid) > 0.0
    write_workbook(found, tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    money = {row[0].value: (row[1].value, row[2].value) for row in book["Money 收支"]}
    head, *rows = book["Quarter-hours 每15分钟"].iter_rows(values_only=True)
    place = next(n for n, said in enumerate(head) if str(said).startswith(f"{line.en}, Earned"))
    total, share = money[line.both]
    assert total == pytest.approx(sum(row[place] or 0.0 for row in rows))
    assert total < 0.0
    known = int(np.isfinite(paid).sum())
    assert 0 < known < 20
    assert f"(of {known} of 20 quarter-hours" in share
    gas = replace(found, units={"bus": "kg/h"}, lines=[(line, np.full(20, np.nan))])
    assert {unit for name, _, unit, _ in columns(gas) if name == "bus_price"} == {"CNY/kg"}
    write_page(gas, tmp_path / "report.html")
    said = (tmp_path / "report.html").read_text()
    assert ">0 CNY" not in said[said.index('id="money"') :]


def test_the_hour_that_comes_twice_is_told_apart(service: Service, tmp_path: Path) -> None:
    """At the end of summer time the workbook has both, by the clock on the wall and in UTC."""
    data, days = service.folder.path, (date(2025, 6, 1), date(2025, 6, 1))
    found = gather(tmp_path / "plant.yaml", data, *days, MIDNIGHT + timedelta(hours=HOURS))
    first = datetime(2026, 10, 25, 0, tzinfo=UTC)
    steps = [first + n * timedelta(minutes=15) for n in range(len(found.times))]
    berlin = replace(found, times=[each.astimezone(ZoneInfo("Europe/Berlin")) for each in steps])
    write_workbook(berlin, tmp_path / "report.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Quarter-hours 每15分钟"]
    rows = [row[:3] for row in sheet.iter_rows(min_row=2, values_only=True)]
    twice = datetime(2026, 10, 25, 2, 15)
    assert [utc for local, utc, _ in rows if local == twice] == [
        datetime(2026, 10, 25, 0, 15), datetime(2026, 10, 25, 1, 15),
    ]  # fmt: skip
    assert len({utc for _, utc, _ in rows}) == len(steps)


def test_a_plan_made_in_a_step_says_nothing_of_it(service: Service, tmp_path: Path) -> None:
    """On the asset's page and in the report: of the running step the older plan counts."""
    made = MIDNIGHT + timedelta(hours=1, minutes=5)
    schedule = Schedule(
        made=made, start=made - timedelta(minutes=5), step=timedelta(minutes=15),
        status="optimal", power={"grid.import": np.full(4, 9.0)}, level={}, price={}, worth={},
        target=np.full(4, -9.0), reasons=(),
    )  # fmt: skip
    folder = service.folder
    write_atomic(folder.schedules / f"{made:%Y%m%dT%H%M%SZ}.json", schedule.to_json())
    end = MIDNIGHT + timedelta(hours=HOURS)
    steps = Planned(folder.schedules).of("grid.import", MIDNIGHT, end)
    expected = [5.0] * 5 + [9.0] * 3 + [7.0] * 8
    assert [step.value for step in steps] == expected
    assert all(step.made <= step.start for step in steps)
    days = (date(2025, 6, 1), date(2025, 6, 1))
    found = gather(tmp_path / "plant.yaml", folder.path, *days, end)
    (course,) = (each for each in found.courses if each.key == "grid.import")
    assert course.planned.tolist() == expected


def test_a_file_of_another_name_is_no_forecast(client: TestClient, service: Service) -> None:
    write_atomic(service.folder.made_forecasts / "20251301T000000Z.json", "{}")
    write_atomic(service.folder.made_forecasts / "noTeZ.json", "{}")
    assert client.get("/api/v1/forecasts").json()["issues"] == []
    assert client.get("/forecasts").status_code == 200


def test_readers_leave_room_for_others(service: Service) -> None:
    """Beyond so many at once a reader is told to come again, and others are answered."""
    readers = Readers()
    with patch("zeroplant.portal.app.Readers", lambda: readers):
        app = application(service)
    with TestClient(app, follow_redirects=False) as client, ExitStack() as taken:
        enter(client, service, "lin", Grant(Role.VIEWER))
        ask = ["/api/v1/history/sun.output", "/api/v1/planned/sun.output"]
        span = {"start": MIDNIGHT.isoformat(), "end": (MIDNIGHT + timedelta(hours=1)).isoformat()}
        assert [client.get(path, params=span).status_code for path in ask] == [200, 200]
        for _ in range(MOST):
            taken.enter_context(readers.place())
        for path in ask:
            answer = client.get(path, params=span)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert client.get("/healthz").status_code == 200
        taken.close()
        assert [client.get(path, params=span).status_code for path in ask] == [200, 200]


def test_a_forecast_is_shown_over_what_came(client: TestClient, service: Service) -> None:
    """Of the issue that is chosen, with the hours before it; where nothing was measured, null."""
    start = MIDNIGHT + timedelta(hours=2)
    said = {"start": start.isoformat(), "step": 900.0, "method": "trees", "missing": [],
            "levels": [0.1, 0.5, 0.9], "values": [[3.0] * 20, [4.0] * 20, [5.0] * 20],
            "mean": [4.0] * 20, "unit": "MW"}  # fmt: skip
    issue = {"made": start.isoformat(), "sun.output": said}
    write_atomic(service.folder.made_forecasts / f"{start:%Y%m%dT%H%M%SZ}.json", json.dumps(issue))
    assert client.get("/api/v1/forecasts/one?key=sun.output").status_code == 404
    write_atomic(service.folder.forecasts, json.dumps(issue))
    listed = client.get("/api/v1/forecasts", headers={"accept-language": "zh"}).json()
    assert listed["quantities"] == [{"key": "sun.output", "name": "sun 出力", "unit": "MW"}]
    assert listed["issues"] == [f"{start:%Y%m%dT%H%M%SZ}"]
    for made in ("", listed["issues"][0]):
        one = client.get("/api/v1/forecasts/one", params={"key": "sun.output", "made": made}).json()
        assert len(one["measured"]) == 48 + 20
        first = (MIDNIGHT - datetime.fromisoformat(one["measured_start"])) // timedelta(minutes=15)
        measured = one["measured"]
        assert measured[first - 1] is None
        assert measured[first : first + 16] == pytest.approx([4.5] * 16)  # what it could have given
        assert measured[first + 17 :] == [None] * (68 - first - 17)  # the last value held on
    assert client.get("/api/v1/forecasts/one?key=sun.output&made=../live").status_code == 422


def test_skill_is_told_in_words(client: TestClient, service: Service) -> None:
    """Better or not than the best simple guess, and whether the band is honest."""
    said = {"start": MIDNIGHT.isoformat(), "step": 900.0, "method": "blend", "missing": [],
            "levels": [0.5], "values": [[4.0]], "mean": [4.0], "unit": "MW"}  # fmt: skip
    issue = {"made": MIDNIGHT.isoformat(), "sun.output": said}
    write_atomic(service.folder.forecasts, json.dumps(issue))
    kept = {"unit": "MW", "rating": 20.0, "days": 3.0, "hours": [0.25, 1.0, 4.0, 24.0],
            "error": [0.02, 0.05, 0.09, None], "persistence": [0.04, 0.04, 0.18, None],
            "climatology": [0.1, 0.1, 0.12, None], "coverage": [0.8, 0.5, 0.99, None]}  # fmt: skip
    write_atomic(service.folder.skill, json.dumps({"keys": {"sun.output": kept}}))
    page = client.get("/forecasts").text
    assert "50 % better than the best simple guess</td>" in page
    assert "no better than a simple guess; the band is too narrow" in page
    assert "25 % better than the best simple guess; the band is wider than needed" in page
    assert "Too little has been measured to say." in page


def test_today_is_told_with_its_age_and_its_gaps(client: TestClient, service: Service) -> None:
    """The price of the step that runs, and no figure where the controller has none."""
    assert client.get("/api/v1/today").status_code == 404
    assert "Nothing was measured today yet" in client.get("/").text
    until = MIDNIGHT + timedelta(hours=HOURS) - timedelta(minutes=15)
    words = {"en": "factors", "zh": "因子"}
    told = {"date": "2025-06-01", "until": until.isoformat(),
            "energy": {"imported": 24.0, "exported": None, "generated": 16.0, "used": 40.0},
            "money": {"lines": [{"name": "grid: energy bought", "who": "grid",
                                 "what": "energy bought", "amount": 12000.0}],
                      "total": None, "currency": "CNY"},
            "carbon": {"kg": 14000.0, "kg_per_mwh_now": None, "source": words},
            "unknown": [{"of": [], "gaps": 2, "steps": 16}]}  # fmt: skip
    write_atomic(service.folder.today, json.dumps(told))
    made = MIDNIGHT + timedelta(hours=2)
    schedule = service.folder.schedules / f"{made:%Y%m%dT%H%M%SZ}.json"
    write_atomic(service.folder.schedule, schedule.read_bytes())
    said = client.get("/api/v1/today").json()
    assert said["age_seconds"] == pytest.approx(900.0, abs=1.0)
    assert said["price"] == {"node": "bus", "value": 300.0, "unit": "CNY/MWh",
                             "made": made.isoformat().replace("+00:00", "Z")}  # fmt: skip
    page = client.get("/").text
    assert "2 of 16 quarter-hours were not measured" in page
    assert "12,000 CNY" in page
    assert page.count("unknown</span>") >= 2
    assert "16 MWh" in page
