"""Commands that need little load little, so that they answer at once.

Modules are counted instead of seconds: a clock says more about the machine than about us.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.plant.small import write_plant
from tests.shared import ROOT

HEAVY = {
    "aiomqtt", "dlt645", "highspy", "jinja2", "numba", "numpy", "pandas", "pint", "polars", "pvlib",
    "pyarrow", "pydantic", "pymodbus", "pypsa", "rich", "scipy", "windpowerlib", "xlsxwriter",
    "yaml",
}  # fmt: skip
COUNTY = ROOT / "examples" / "county-base"


def loaded(code: str, *arguments: str) -> set[str]:
    """Heavy libraries in memory after some code ran in a fresh process."""
    tell = f"{code}\nprint()\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", f"import sys\n{tell}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.splitlines()[-1].split())


MAIN = "from zeroplant.cli import main\nmain(sys.argv[1:])"


def test_import_loads_nothing() -> None:
    assert not loaded("import zeroplant")


@pytest.mark.parametrize(
    "arguments", ["--help", "--version", "plan --help", "rules --help", "device --help"]
)
def test_help_loads_nothing(arguments: str) -> None:
    """One import at the head of a command's file would bring numpy, pydantic and a second.

    Typer itself loads pydantic, where that is installed, to read the options of a command.
    """
    allowed = {"pydantic"} if " " in arguments else set()
    assert loaded(MAIN, *arguments.split()) <= allowed


def test_check_loads_no_weather_and_no_solver(tmp_path: Path) -> None:
    """A year of generated weather is not needed to know that it can be had.

    pvlib brings pandas and most of SciPy with it, two seconds in all.
    """
    weather = {"pandas", "pvlib", "windpowerlib"}
    later = {"highspy", "numba", "pypsa", "rich", "xlsxwriter"}
    assert not loaded(MAIN, "check", str(COUNTY)) & (weather | later | {"polars", "pyarrow"})
    # a series of its own costs the library that reads it, and nothing else
    assert not loaded(MAIN, "check", str(write_plant(tmp_path))) & (weather | later)
