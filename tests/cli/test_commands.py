"""The command line: exit codes, where results go, and what is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.plant.small import write_plant
from tests.shared import ROOT
from zeroplant import __version__
from zeroplant.cli import common, main
from zeroplant.errors import InputError, SolveError

COUNTY = ROOT / "examples" / "county-base"
DAY = ["--set", "time.years=null", "--set", "time.periods=24"]


def run(*arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "zeroplant", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


# ---------------------------------------------------------------------------------- exit codes


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["plan"],
        ["plan", "x", "--solver", "oracle"],
        ["plan", "x", "--deadline", "0"],
        ["check", "x", "y"],
        ["check", "x", "--jsn", "-"],
        ["bench", "everything"],
        ["rules", "delete"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Plain text on stderr, without frames and colours, and a hint where to read on."""
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert not printed.out
    assert "Usage: zeroplant" in printed.err
    assert "Error: " in printed.err
    assert not set("╭│╰\x1b") & set(printed.err)


def test_usage_errors_are_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong with an option, without the words of the library that found it."""
    assert main(["plan", "x", "--solver", "oracle"]) == 2
    assert "Invalid value for '--solver': 'oracle' is not one of" in capsys.readouterr().err
    assert main(["plan", "x", "--deadline", "0"]) == 2
    assert "'--deadline': it should be greater than" in capsys.readouterr().err


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """A newcomer who types the name alone learns what there is."""
    assert main([]) == 2
    printed = capsys.readouterr()
    assert "Commands:" in printed.out + printed.err


@pytest.mark.parametrize(
    "command", ["", "new", "check", "plan", "export", "schema", "rules", "bench", "rules show"]
)
def test_help_reads_well(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command has a sentence, and every option of it a meaning."""
    assert main([*command.split(), "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Usage: zeroplant {command}".rstrip())
    assert all(len(line) <= 80 for line in text.splitlines())
    options = [line for line in text.splitlines() if line.startswith("  --")]
    bare = [line for line in options if len(line.split()) < 2]
    assert not bare


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"zeroplant {__version__}\n"


def test_a_solver_without_answer_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message of several lines would look like a traceback to a script."""

    def fails(*_: object, **__: object) -> None:
        message = "no answer\n  within 3 s"
        raise SolveError(message)

    monkeypatch.setattr("zeroplant.plan.plan", fails)
    options = ["--out", str(tmp_path / "out"), "--json", str(tmp_path / "r.json")]
    assert main(["plan", str(write_plant(tmp_path)), *options]) == 1
    assert capsys.readouterr().err == "zeroplant: no answer within 3 s\n"
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "r.json").exists()


def test_memory_and_files_fail_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the machine refuses is no fault of the program, so there is no traceback."""
    path = write_plant(tmp_path)
    for error, says in (
        (MemoryError(), "zeroplant: not enough memory; plan fewer or longer periods\n"),
        (OSError(28, "No space left on device", "x"), "zeroplant: x: no space left on device\n"),
        (InputError([]), ""),
    ):

        def fails(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr("zeroplant.plan.plan", fails)
        assert main(["plan", str(path)]) == 1
        assert capsys.readouterr().err == says


@pytest.mark.skipif(os.name == "nt", reason="not a checkout: signals are those of POSIX")
def test_ctrl_c_is_quiet(tmp_path: Path) -> None:
    """The shell's own exit code, no traceback, and nothing half-written."""
    code = (
        "import sys, time, zeroplant.plan as plan\n"
        "from zeroplant.cli import main\n"
        "def wait(*_, **__):\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "plan.plan = wait\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, "plan", str(write_plant(tmp_path))]
    with subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert not errors.strip()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["load.csv", "plant.yaml"]


# ----------------------------------------------------------------------------------------- json


def test_check_answers_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only JSON on stdout, whether the plant is sound or not; the lines stay on stderr."""
    path = write_plant(tmp_path)
    assert main(["check", str(path), "--json", "-", "--set", "nodes.alone={}"]) == 0
    sound = json.loads(capsys.readouterr().out)
    assert (sound["status"], sound["problems"], len(sound["notes"])) == ("valid", [], 1)
    wrong = ["--set", "assets.wind.power=5", "--set", "name=null"]
    assert main(["check", str(path), "--json", "-", *wrong]) == 1
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["status"] == "invalid"
    assert [problem["text"] for problem in found["problems"]] == printed.err.splitlines()
    assert {"file", "line", "where", "what", "instead"} <= set(found["problems"][0])


@pytest.mark.parametrize("command", ["plan", "export"])
def test_an_invalid_plant_is_answered_in_json(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stdout like ``check``; a file that holds an older result is left as it was."""
    path, file = write_plant(tmp_path), tmp_path / "result.json"
    options = ["--set", "name=null", "--set", "assets.wind.power=5"]
    options += ["--mps", str(tmp_path / "p.mps")] if command == "export" else []
    assert main([command, str(path), *options, "--json", "-"]) == 1
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["status"] == "invalid"
    assert [problem["text"] for problem in found["problems"]] == printed.err.splitlines()
    file.write_text("old", encoding="utf-8")
    assert main([command, str(path), *options, "--json", str(file)]) == 1
    assert file.read_text(encoding="utf-8") == "old"
    assert not capsys.readouterr().out


def test_numbers_that_json_does_not_know_become_null(capsys: pytest.CaptureFixture[str]) -> None:
    """``NaN`` in a file makes strict readers of JSON refuse all of it."""
    import numpy as np

    data: dict[str, Any] = {
        "a": float("nan"),
        "b": [np.float64("inf"), np.int64(3)],
        "c": (np.array([1.0, np.nan]), True, None, "电"),
        "d": {1: np.bool_(False)},
    }
    common.write_json("-", data)
    text = capsys.readouterr().out
    assert "电" in text
    assert json.loads(text) == {
        "a": None,
        "b": [None, 3],
        "c": [[1.0, None], True, None, "电"],
        "d": {"1": False},
    }


@pytest.mark.parametrize("command", ["plan", "check", "export", "schema", "rules list", "new"])
def test_a_place_that_cannot_be_written_is_told_at_once(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a plan of minutes, not after it."""
    plant = str(write_plant(tmp_path))
    target = str(tmp_path / "load.csv" / "result.json")
    arguments = {
        "plan": ["plan", plant, "--json", target],
        "check": ["check", plant, "--json", target],
        "export": ["export", plant, "--mps", str(tmp_path / "p.mps"), "--json", target],
        "schema": ["schema", target],
        "rules list": ["rules", "list", "--json", target],
        "new": ["new", "county-base", str(tmp_path / "mine"), "--json", target],
    }[command]
    before = sorted(tmp_path.iterdir())
    assert main(arguments) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"cannot write {target}: ")
    assert sorted(tmp_path.iterdir()) == before


def test_out_must_be_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_plant(tmp_path)
    assert main(["plan", str(path), "--out", str(tmp_path / "load.csv")]) == 1
    assert "a file stands there; name another place" in capsys.readouterr().err
    assert main(["plan", str(path), "--json", str(tmp_path)]) == 1
    assert "a folder stands there; name another place" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["nonsense"], "--set nonsense: no KEY=VALUE; write KEY=VALUE, such as assets.wind.power="),
        (["=5"], "--set =5: no KEY=VALUE; "),
        (["name=a", "name=b"], "--set name: the same entry is set twice; keep one of them"),
    ],
)
def test_set_is_strict(
    given: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [word for text in given for word in ("--set", text)]
    assert main(["check", str(write_plant(tmp_path)), *options]) == 1
    assert capsys.readouterr().err.startswith(says)


# ----------------------------------------------------------------------------------------- plan


def test_plan_writes_its_report_and_replaces_it(tmp_path: Path) -> None:
    """A second plan into the same folder leaves the same files, all new, and no scraps."""
    path, out = write_plant(tmp_path), tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("old", encoding="utf-8")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    done = run("plan", str(path), "--out", str(out), "--json", "-")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {
        "status", "objective", "sizes", "energy_mwh", "ledger", "finance", "rules", "carbon",
        "solver",
    } <= set(result)  # fmt: skip
    paid = sum(entry["amount"] for entry in result["ledger"])
    assert paid == pytest.approx(result["objective"], rel=1e-9)
    names = {"report.html", "report.xlsx", "hourly.parquet", "notes.txt"}
    assert {each.name for each in out.iterdir()} == names
    assert (out / "report.html").stat().st_size > 10_000
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_plan_prints_a_table(tmp_path: Path) -> None:
    """Without a terminal there is no progress bar: stderr stays empty, and nothing is cut."""
    done = run("plan", str(write_plant(tmp_path)))
    assert (done.returncode, done.stderr) == (0, "")
    assert "small plant" in done.stdout
    assert "MW" in done.stdout
    assert "\x1b" not in done.stdout


def test_progress_shows_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a log a moving bar is noise."""
    with common.steps("plan") as watch:
        watch("solve")
    assert not capsys.readouterr().err
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with common.steps("plan") as watch:
        watch("solve")
        time.sleep(0.2)
    printed = capsys.readouterr()
    assert "solve" in printed.err
    assert not printed.out


# ------------------------------------------------------------------------- the smaller commands


def test_new_makes_a_plant_that_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Into a new or an empty folder, never over something."""
    (tmp_path / "empty").mkdir()
    for name in ("mine", "empty", "deep/er"):
        assert main(["new", "county-base", str(tmp_path / name)]) == 0
        assert main(["check", str(tmp_path / name), *DAY]) == 0
    capsys.readouterr()
    for name, says in (("mine", "exists already; name a new folder"), ("mine/plant.yaml", "exis")):
        assert main(["new", "county-base", str(tmp_path / name)]) == 1
        assert says in capsys.readouterr().err
    assert main(["new", "county-bas", str(tmp_path / "other")]) == 1
    assert "did you mean 'county-base'?" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "empty", "mine"]


def test_schema_goes_to_stdout_or_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert main(["schema", str(tmp_path / "plant.schema.json")]) == 0
    written = json.loads((tmp_path / "plant.schema.json").read_text(encoding="utf-8"))
    assert written == printed
    assert "assets" in printed["properties"]


def test_rules_list_show_and_test(capsys: pytest.CaptureFixture[str]) -> None:
    """Every pack is listed; each worked example holds, else the exit code would be 1."""
    assert main(["rules", "list", "--json", "-"]) == 0
    names = [pack["name"] for pack in json.loads(capsys.readouterr().out)]
    assert "cn-direct-connection-650" in names
    assert main(["rules", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(names)
    assert main(["rules", "show", "cn-direct-connection-650"]) == 0
    shown = capsys.readouterr().out
    assert "export_max = 20 %  (medium;" in shown
    assert "green_load_min = from 2025: 30 %, from 2030: 35 %" in shown
    assert main(["rules", "show", "cn-direct-connection-65"]) == 1
    assert "did you mean 'cn-direct-connection-650'?" in capsys.readouterr().err
    assert main(["rules", "test", "--json", "-"]) == 0
    tested = json.loads(capsys.readouterr().out)
    assert tested["failed"] == 0
    assert tested["passed"] == len(tested["cases"]) > 50


def test_bench_says_what_it_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A golden figure that is missed makes the exit code 1.

    One that did not run, for its data is not there, does not: it is shown as "--", never as held.
    """
    held = {"name": "a", "expected": 1.0, "got": 1.0, "relative_error": 0.0, "tolerance": 1e-9}
    absent = held | {"got": None, "relative_error": None, "problem": "no data"}
    for case, code, shown in (
        (held, 0, "ok "),
        (held | {"got": 2.0, "relative_error": 1.0}, 1, "OFF"),
        (held | {"got": float("nan"), "relative_error": float("nan")}, 1, "OFF"),
        (absent, 0, "-- "),
    ):
        monkeypatch.setattr("zeroplant.bench.golden.run", lambda data, case=case: [case])
        assert main(["bench", "golden"]) == code
        assert capsys.readouterr().out.startswith(shown)
        assert main(["bench", "golden", "--json", "-"]) == code
        (written,) = json.loads(capsys.readouterr().out)["cases"]
        assert written["name"] == "a"
