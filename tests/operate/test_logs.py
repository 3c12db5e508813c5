"""The log: a line of JSON each, which tells the cycle it was written in."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from tests.operate.looping import control, run
from zeroplant.operate.logs import CYCLE, Lines


def test_the_loop_says_which_cycle_runs(tmp_path: Path) -> None:
    """The number is that of the live image, so that a line of the log is found in the journal."""
    loop, _, ticking = control(tmp_path)
    seen: list[int | None] = []
    loop.after = lambda _image, _decision: seen.append(CYCLE.get())
    run(loop, ticking, 3)
    loop.recording.close()
    assert seen == [1, 2, 3]


def line(what: str) -> dict[str, object]:
    record = logging.LogRecord("zeroplant.operate", logging.WARNING, "", 1, what, None, None)
    found: dict[str, object] = json.loads(Lines().format(record))
    return found


def test_a_line_names_the_cycle_that_runs() -> None:
    """And none outside of one; whatever is said stays on its line."""
    assert "cycle" not in line("it begins")
    token = CYCLE.set(17)
    assert line("a device\nis silent") | {"time": ""} == {
        "time": "", "level": "warning", "logger": "zeroplant.operate",
        "what": "a device\nis silent", "cycle": 17,
    }  # fmt: skip
    CYCLE.reset(token)
