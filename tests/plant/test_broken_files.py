"""Plant files that are wrong: each is refused in clear lines, and nothing else is done.

A case fails if a message, its place or its line changes, if one mistake brings a second line, or
if anything is written.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.plant.small import PLANT, changed, rows, table, write_plant
from zeroplant.cli import main

CASES = yaml.safe_load((Path(__file__).parent / "broken_files.yaml").read_text(encoding="utf-8"))
RUN = "import sys; from zeroplant.cli import main; sys.exit(main())"


def refusal(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """Lines on stderr of a check that fails, without the name of the file."""
    assert main(["check", str(path), *options]) == 1
    printed = capsys.readouterr()
    assert not printed.out
    assert "Traceback" not in printed.err
    lines = printed.err.replace(f"{path.parent}/", "").splitlines()
    return [line.removeprefix("plant.yaml:").strip() for line in lines]


def agree(lines: list[str], says: list[str]) -> bool:
    """Whether every line begins as it should, and there is no other."""
    pairs = zip(lines, says, strict=False)
    return len(lines) == len(says) and all(line.startswith(start) for line, start in pairs)


def test_the_unbroken_plant_is_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Otherwise every case below would fail for another reason than its own."""
    assert main(["check", str(write_plant(tmp_path))]) == 0
    printed = capsys.readouterr()
    assert printed.out == "small plant: no problems. 5 assets, 2 nodes, 48 periods of 1 h\n"
    assert not printed.err


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_mistake_has_its_line(
    case: dict[str, str | list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One piece of the plant is replaced; the answer is a line for each problem, and no more."""
    path = write_plant(tmp_path, changed(str(case["replace"]), str(case["by"])))
    lines = refusal(path, capsys)
    assert agree(lines, list(case["says"])), lines


def test_there_are_fifty_and_more() -> None:
    """The promise is fifty broken files; every message says where, and most what to write."""
    assert len(CASES) >= 50
    lines = [line for case in CASES for line in case["says"]]
    assert all(re.match(r"\d+: ", line) for line in lines)
    silent = [line for line in lines if "; " not in line and len(line) < 100]
    assert len(silent) < 8, silent


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"# nothing but a comment\n", "the file is empty"),
        (b"- a\n- b\n", "1: a list is not a mapping; write 'key: value' on the lines below it"),
        (b"hello", "1: 'hello' is not a mapping"),
        (b"\xff\xfe\x00", "1: the file is not UTF-8 text; save it as UTF-8"),
        ("a: 1\nb: ä\n".encode("latin-1"), "2: the file is not UTF-8 text; save it as UTF-8"),
        (b"[" * 100_000, "1: more than 40 levels of nesting; write it flatter"),
        (b"a: 1\n" * 1_000_000, "the file is larger than 4 MB"),
        (b"a: !!python/object:os.system {}\n", "1: the tag "),
        (
            b"a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            b"c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
            b"e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
            "5: the aliases of this file repeat too much; write values where used",
        ),
    ],
    ids=[
        "empty", "comment", "list", "word", "UTF-16", "Latin 1", "deep", "large", "tag", "bomb",
    ],
)  # fmt: skip
def test_what_is_no_plant_file_at_all(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line each, within moments, whatever the file would do to a simpler reader."""
    lines = refusal(write_plant(tmp_path, content), capsys)
    assert agree(lines, [says]), lines


Lines = list[str]


def _cell(lines: Lines, text: str) -> None:
    lines[5] = f"{lines[5].split(',')[0]},{text}"


def _swap(lines: Lines) -> None:
    lines[5], lines[6] = lines[6], lines[5]


def _all(old: str, new: str) -> Callable[[Lines], None]:
    def replace(lines: Lines) -> None:
        lines[:] = [line.replace(old, new) for line in lines]

    return replace


SERIES: dict[str, tuple[Callable[[Lines], object], str]] = {
    "gap": (lambda r: r.pop(5), "1 hour missing at 2025-03-29 04:00; add the rows"),
    "stamp twice": (
        lambda r: r.insert(5, r[5]),
        "2025-03-29 04:00 stands twice; keep one row of each time",
    ),
    "unsorted": (_swap, "2025-03-29 04:00 comes too late; sort the rows by time"),
    "empty cell": (lambda r: _cell(r, ""), "1 value is empty or not a number, the first at 2025"),
    "NaN": (lambda r: _cell(r, "NaN"), "1 value is empty or not a number, the first at 2025"),
    "infinite": (lambda r: _cell(r, "inf"), "1 value is empty or not a number, the first at 2025"),
    "word": (lambda r: _cell(r, "many"), "the column 'load' holds 'many', which is not a number;"),
    "no time": (lambda r: r.insert(5, ",3"), "1 row without a time, the first is row 6; write"),
    "time in words": (lambda r: r.insert(5, "noon,3"), "'noon' is not a time; write it as 2025-"),
    "no zone": (_all("Z", ""), "the stamps carry no zone; add one such as 'zone: Asia/Shanghai'"),
    "half an hour off": (_all(":00Z", ":30Z"), "the stamps lie 30 min off the plan's periods; "),
    "too short": (lambda r: r.__delitem__(slice(40, None)), "8 hours missing after the last row"),
    "no rows": (lambda r: r.clear(), "the file has no rows; give one for each period"),
    "wrong step": (lambda r: r.__delitem__(slice(1, None, 2)), "steps of 2 h are coarser than "),
}


@pytest.mark.parametrize("case", SERIES)
def test_a_broken_series_is_named_at_its_entry(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line is that of the plant file's entry; the message names the file and the first time."""
    lines = rows()
    breaks, says = SERIES[case]
    breaks(lines)
    found = refusal(write_plant(tmp_path, PLANT, table(lines)), capsys)
    assert agree(found, [f"22: assets.factory.load: load.csv: {says}"]), found


def test_values_below_zero_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A load that feeds in would be a source of energy that nobody pays for."""
    lines = rows()
    _cell(lines, "-3")
    found = refusal(write_plant(tmp_path, PLANT, table(lines)), capsys)
    what = "22: assets.factory.load: a value is below 0, the first is -0.003 at 2025-03-29 05:00; "
    assert agree(found, [what + "correct the series"]), found


@pytest.mark.parametrize(
    ("start", "first", "says"),
    [
        ("2025-03-29", "2025-03-29T00:00", "2025-03-30 02:00 does not exist in Europe/Berlin; "),
        ("2025-10-25", "2025-10-25T00:00", "2025-10-26 02:00 happens twice in Europe/Berlin; "),
    ],
)
def test_hours_of_the_clock_change(
    start: str, first: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Local stamps of 48 hours in a row do not know of the change: one is not there, or is two."""
    text = PLANT.replace("2025-03-29", start).replace("unit: kW", "unit: kW, zone: Europe/Berlin")
    path = write_plant(tmp_path, text, table(rows(first, zone="")))
    lines = refusal(path, capsys)
    what = f"22: assets.factory.load: load.csv: {says}give stamps in UTC or with offsets"
    assert agree(lines, [what]), lines


MANY = (
    ("currency: CNY", "curency: CNY"),
    ("site: hill", "site: hil"),
    ("at: park\n    power: 2 MW", "at: prak\n    power: 2 MWh"),
    ("to: shore", "to: shoer"),
    ('"8-20"', '"9-20"'),
    ("export_max: 20 %", "export_max: 20 MW"),
    ("tenor: 12", "tenor: 30"),
    ("column: load", "column: laod"),
)


def test_all_problems_at_once_and_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Syntax of values, names of nothing, series and rules are told of together, by line.

    A reader that stops at the first kind of problem would print one line or three.
    """
    text = PLANT
    for old, new in MANY:
        assert old in text
        text = text.replace(old, new, 1)
    lines = refusal(write_plant(tmp_path, text), capsys)
    assert agree(
        lines,
        [
            "3: curency: unknown key 'curency'; did you mean 'currency'?",
            "22: assets.factory.load: load.csv: no column 'laod'; did you mean 'load'?",
            "27: assets.wind.site: there is no site 'hil'; did you mean 'hill'?",
            "33: assets.battery.at: there is no node 'prak'; did you mean 'park'?",
            "34: assets.battery.power: '2 MWh' is an energy; write a power such as '2 MW'",
            "40: assets.cable.to: there is no node 'shoer'; did you mean 'shore'?",
            "46: assets.grid.import_price: no row covers hours 8-9; every hour needs exactly",
            "55: rules[0].export_max: '20 MW' is a power; write a plain number such as '20'",
            "63: finance.debt.tenor: the debt runs 30 years, the project 20; write 20 or less",
        ],
    ), lines


def test_a_broken_time_axis_brings_no_flood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Series cannot be judged by an axis that is not known, and are not."""
    path = write_plant(tmp_path, changed("start: 2025-03-29", "start: tomorrow"), "time,load\n")
    assert refusal(path, capsys) == [
        "6: time.start: 'tomorrow' is not a date; write it as 2025-01-01"
    ]


def test_rivers_that_run_in_a_circle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A check across assets finds its line as well."""
    weir = """\
  {name}:
    kind: run_of_river
    at: park
    power: 8 MW
    turbine_flow: 100 m3/s
    head_water: 100 m
    tail_water: [[0 m3/s, 90 m], [1000 m3/s, 100 m]]
    inflow: 60 m3/s
    river_flow: 60 m3/s
    downstream: {below}
"""
    two = weir.format(name="upper", below="lower") + weir.format(name="lower", below="upper")
    lines = refusal(write_plant(tmp_path, changed("\nrules:", f"{two}\nrules:")), capsys)
    assert any("water flows in a circle" in line for line in lines), lines
    assert all(re.match(r"\d+: assets\.", line) for line in lines), lines


@pytest.mark.parametrize("rest", ["", "\n    hours: x"], ids=["sound", "broken"])
@pytest.mark.parametrize("asset", ["wind", "battery", "grid"])
def test_an_asset_on_a_node_of_another_carrier(
    asset: str, rest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that names the nodes to choose from, also where more is wrong with the asset.

    A wrong answer would be a plant in which a wind turbine feeds a heat network.
    """
    text = PLANT.replace("nodes:\n", "nodes:\n  boiler: {carrier: heat}\n")
    head, tail = text.split(f"  {asset}:\n")
    tail = re.sub("at: (park|shore)", f"at: boiler{rest}", tail, count=1)
    lines = refusal(write_plant(tmp_path, f"{head}  {asset}:\n{tail}"), capsys)
    what = "the node 'boiler' carries heat, not electricity; write one of: park, shore"
    assert sum(line.endswith(f": assets.{asset}.at: {what}") for line in lines) == 1, lines
    assert len(lines) == 1 or rest


def test_a_demand_may_sit_on_any_carrier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Heat users are demand as well; nothing feeds them here, which is a note and no problem."""
    text = PLANT.replace("nodes:\n", "nodes:\n  boiler: {carrier: heat}\n")
    text = text.replace("kind: demand\n    at: park", "kind: demand\n    at: boiler")
    assert main(["check", str(write_plant(tmp_path, text))]) == 0
    assert "carries" not in capsys.readouterr().err


def test_files_that_are_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without a plant, a misspelt file, a file in no folder."""
    write_plant(tmp_path)
    (tmp_path / "empty").mkdir()
    for name, says in {
        "plnt.yaml": "plnt.yaml: no such file; did you mean 'plant.yaml'?",
        "empty": "empty: this folder has no plant.yaml; name the plant file itself",
        "no/plant.yaml": "no/plant.yaml: no such file; 'zeroplant new county-base DIR' makes a",
        "load.csv/plant.yaml": "load.csv/plant.yaml: no such file; ",
    }.items():
        assert main(["check", str(tmp_path / name)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"{tmp_path}/{says}")


@pytest.mark.parametrize("command", ["check", "plan"])
def test_nothing_is_written(command: str, tmp_path: Path) -> None:
    """In a process of its own: exit 1, lines on stderr, an empty stdout, and no file anywhere."""
    folder = tmp_path / "plant"
    folder.mkdir()
    path = write_plant(folder, changed("power: 2 MW", "power: 2"))
    before = sorted(tmp_path.rglob("*"))
    options = ["--json", "-"] if command == "check" else []
    if command == "plan":
        options = ["--out", str(tmp_path / "out"), "--json", str(tmp_path / "result.json")]
    done = subprocess.run(
        [sys.executable, "-c", RUN, command, str(path), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 1
    says = "2 has no unit; write it with its unit, such as '2 kW' or '2 MW'"
    assert done.stderr == f"{path}:34: assets.battery.power: {says}\n"
    assert bool(done.stdout) == (command == "check")
    assert sorted(tmp_path.rglob("*")) == before
