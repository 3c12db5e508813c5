"""The benchmark of kills ends with 1 when something was wrong."""

from __future__ import annotations

import pytest

from benchmarks import killed
from tests.operate.killing import Seen


@pytest.mark.parametrize(
    ("wrong", "power", "code"),
    [([], 0.0, 0), (["life 3: the history is gone"], 0.0, 1), ([], 20.0, 1), ([], float("nan"), 1)],
)
def test_what_was_wrong_is_its_exit_code(
    wrong: list[str], power: float, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen(starts=[2.0], cpu=[1.5], wrong=list(wrong))
    monkeypatch.setattr("sys.argv", ["killed", "--times", "1"])
    monkeypatch.setattr(killed, "kill_often", lambda *_: seen)
    monkeypatch.setattr(killed, "lapse", lambda _: (60.0, power))
    assert killed.main() == code
