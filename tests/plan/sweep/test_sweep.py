"""A sweep from the command line to its page, with points that cannot be planned."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from tests.plan.sweep.small import PLANT
from zeroplant.assets.wind import Wind
from zeroplant.cli import main
from zeroplant.plan import plan
from zeroplant.plan.sweep import Task, parameters_of, sweep
from zeroplant.plan.sweep import run as running
from zeroplant.plant import load_plant

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SETS = ["--set", "assets.wind.power=0..30 MW:3", "--set",
        "assets.grid.import_price=0.3 CNY/kWh, 0.8 CNY/kW"]  # fmt: skip


def written(folder: Path) -> Path:
    """The plant file in a folder."""
    path = folder / "plant.yaml"
    path.write_text(PLANT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one sweep of six points, half of them broken."""
    folder = tmp_path_factory.mktemp("sweep")
    options = ["--out", str(folder / "out"), "--json", str(folder / "s.json"), "--jobs", "2"]
    assert main(["sweep", str(written(folder)), *SETS, *options]) == 0
    return folder


def test_points_are_those_of_single_plans(done: Path) -> None:
    """*Proves:* a point is what `zeroplant plan --set` finds; the order is that of the grid; what
    fails is named with its reason and ends nothing. *A wrong answer would be:* points in the order
    in which processes end.
    """
    data = json.loads((done / "s.json").read_text(encoding="utf-8"))
    points: list[dict[str, Any]] = data["points"]
    assert [each["number"] for each in points] == [1, 2, 3, 4, 5, 6]
    assert [each["status"] for each in points] == ["optimal", "failed"] * 3
    assert "'0.8 CNY/kW' is a price of power; write a price of energy" in points[1]["reason"]
    changes = {"assets.wind.power": "15 MW", "assets.grid.import_price": "0.3 CNY/kWh"}
    assert points[2]["changes"] == changes
    alone = plan(load_plant(done / "plant.yaml", changes))
    assert alone.finance is not None
    measures = points[2]["measures"]
    assert measures["emissions"] == pytest.approx(alone.carbon.emissions)
    assert measures["npv"] == pytest.approx(alone.finance.appraisal.measures.project_npv)
    assert measures["cost"] * alone.network.axis.years == pytest.approx(alone.solution.objective)
    assert points[2]["sizes"] == {"wind.power": 15.0, "grid.connection": 30.0}
    assert (points[0]["rules_met"], points[0]["rules"], points[0]["keeps_all"]) == (1, 2, False)
    assert points[0]["broken"][0]["zh"]
    assert data["frontier"] == {"x": "emissions", "y": "cost", "points": [5]}


def test_the_table_is_complete(done: Path) -> None:
    """*Proves:* the Parquet file has every point and figure, empty where there is no plan."""
    table = pq.read_table(done / "out" / "sweep.parquet").to_pylist()
    data = json.loads((done / "s.json").read_text(encoding="utf-8"))
    assert [row["point"] for row in table] == [1, 2, 3, 4, 5, 6]
    assert table[2]["set.assets.wind.power"] == "15 MW"
    assert table[2]["cost"] == pytest.approx(data["points"][2]["measures"]["cost"])
    assert table[1]["cost"] is None
    assert table[4]["size.wind.power"] == 30.0
    on_front = [row["point"] for row in table if row["on_frontier"]]
    assert sorted(on_front) == sorted(data["frontier"]["points"])


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_in_a_browser(done: Path, chromium: Browser, width: int, language: str) -> None:
    """*Proves:* no errors, nothing fetched, nothing sticks out, both languages are whole."""
    page = chromium.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith("file:") else said.append(r.url))
    page.goto(f"{(done / 'out' / 'sweep.html').as_uri()}?lang={language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        page.locator("#h-frontier").inner_text() == {"en": "Frontier", "zh": "帕累托前沿"}[language]
    )
    assert page.locator("#failures").inner_text().count("= 0.8 CNY/kW)") == 3
    assert page.locator("#frontier figure svg >> visible=true").count() == 1
    outside = page.evaluate(
        """[...document.querySelectorAll('svg text')].filter(t => {
          const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();
          return a.width && (a.left < b.left - 2 || a.right > b.right + 2 ||
                             a.top < b.top - 3 || a.bottom > b.bottom + 3);
        }).map(t => t.textContent)"""
    )
    assert outside == []
    assert said == []
    page.close()


def test_names_are_no_markup(tmp_path: Path) -> None:
    """*Proves:* a plant may be called anything; the page shows it as it is written."""
    path = written(tmp_path)
    path.write_text(PLANT.replace("name: sweep me", "name: <b>x</b> [red]"), encoding="utf-8")
    options = ["--set", "assets.wind.power=10 MW", "--out", str(tmp_path / "out"), "--jobs", "1"]
    assert main(["sweep", str(path), *options]) == 0
    page = (tmp_path / "out" / "sweep.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page


def test_no_plant_at_all_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """*Proves:* where no point can be read, what is wrong with the first is told as `check` would.

    *A wrong answer would be:* the same after a process was begun for every point.
    """
    monkeypatch.setattr("zeroplant.plan.sweep.sweep", lambda *_, **__: pytest.fail("planned"))
    path = str(written(tmp_path))
    assert main(["sweep", path, "--set", "assets.wind.powr=1 MW, 2 MW", "--jobs", "1"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("--set assets.wind.powr: unknown key 'powr'")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.yaml", "--set", "a=1"], "no such file"),
        (["plant.yaml", "--set", "a=1..2"], "'1..2' is no range of values"),
        (["plant.yaml", "--set", "a=1", "--json", "."], "a folder stands there"),
    ],
)
def test_what_is_wrong_from_the_start_is_told_at_once(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """*Proves:* no process is begun for a sweep that cannot be."""
    written(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *arguments]) == 1
    assert says in capsys.readouterr().err


def test_a_wrong_figure_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """*Proves:* a misspelt figure is named before anything is planned, and so is a misspelt size;
    what may be a finding only afterwards, and nothing that was planned is lost.
    """
    monkeypatch.setattr(Wind, "findings", lambda *_: iter(()))
    path, file = str(written(tmp_path)), tmp_path / "s.json"
    sized = ["sweep", path, "--set", "assets.wind.power=1 MW, 2 MW", "--json", str(file)]
    assert main([*sized, "--x", "wind.powr", "--jobs", "1"]) == 1
    assert "there is no figure 'wind.powr'; did you mean 'wind.power'?" in capsys.readouterr().err
    assert len(json.loads(file.read_text(encoding="utf-8"))["points"]) == 2
    monkeypatch.setattr("zeroplant.plan.sweep.sweep", lambda *_, **__: pytest.fail("planned"))
    assert main([*sized, "--x", "wnd.power"]) == 1
    assert "there is no figure 'wnd.power'; did you mean 'wind.power'?" in capsys.readouterr().err
    assert main([*sized, "--x", "emisions"]) == 1
    assert "there is no figure 'emisions'; did you mean 'emissions'?" in capsys.readouterr().err


def test_a_process_that_dies_takes_only_its_own_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """*Proves:* points under way beside one that kills its process are planned again; it alone
    has failed. *A wrong answer would be:* all of them lost.
    """
    monkeypatch.setattr(running, "plan_point", _deadly)
    found = sweep(
        written(tmp_path), parameters_of(["assets.wind.power=10 MW, 13 MW, 20 MW"]), jobs=2
    )
    assert [point.status for point in found.points] == ["optimal", "failed", "optimal"]
    assert found.points[1].reason == running.DIED


def _deadly(task: Task) -> Any:
    """A point that ends its process, as the lack of memory would."""
    from zeroplant.plan.sweep.point import plan_point

    if task.changes["assets.wind.power"] == "13 MW":
        os._exit(9)
    return plan_point(task)


@pytest.mark.skipif(os.name == "nt", reason="not a checkout: signals are those of POSIX")
def test_ctrl_c_leaves_no_process_behind(tmp_path: Path) -> None:
    """*Proves:* the shell's own exit code, no traceback, and no process that goes on."""
    path = written(tmp_path)
    grid = "assets.wind.power=0..60 MW:1000"
    command = [sys.executable, "-m", "zeroplant", "sweep", str(path), "--set", grid, "--jobs", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        workers = _workers(process.pid, at_least=2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert not errors.strip()
    assert not [pid for pid in workers if _alive(pid)]


def _workers(pid: int, at_least: int) -> list[int]:
    """Processes that plan points for a process, once there are so many."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    if not listing.exists():
        pytest.skip("not a checkout: processes are listed in /proc of Linux")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        begun = [int(child) for child in listing.read_text(encoding="ascii").split()]
        found = [child for child in begun if "spawn_main" in _command(child)]
        if len(found) >= at_least:
            time.sleep(1.0)
            return found
        time.sleep(0.05)
    return pytest.fail("no process was begun")


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except OSError:
        return ""


def _alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
