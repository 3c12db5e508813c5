"""A file that must be on the disk before somebody is answered, and a disk that hangs."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import pytest

from zeroplant.operate.promptly import Promptly


def test_the_last_of_what_was_given_is_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "commands.json"
    file = Promptly(path, patience=60.0)
    assert file.write({"n": 1}) == ""
    assert json.loads(path.read_bytes()) == {"n": 1}
    file.put({"n": 2})
    file.close(60.0)
    assert json.loads(path.read_bytes()) == {"n": 2}


def test_nobody_waits_for_a_disk_that_hangs_not_even_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was asked of it is refused, the end comes, and the log says what is not written."""
    begun, answers = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        begun.set()
        answers.wait()

    monkeypatch.setattr("zeroplant.operate.promptly.write_durably", hang)
    file = Promptly(tmp_path / "commands.json", patience=0.01)
    with caplog.at_level(logging.ERROR):
        assert "did not take commands.json within" in file.write({"n": 1})
        begun.wait()
        file.put({"n": 2})
        file.close(0.01)
    assert "commands.json: not done within 0.01 s; 1 more wait" in caplog.text
    answers.set()
    file.close(60.0)


def test_commands_are_refused_at_once_while_the_disk_hangs_on_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A burst of them holds up the controller once, not once each; none is written later."""
    path, written, go_on = tmp_path / "commands.json", list[bytes](), threading.Event()

    def hang(_: Path, content: bytes) -> None:
        go_on.wait()
        written.append(content)

    monkeypatch.setattr("zeroplant.operate.promptly.write_durably", hang)
    file = Promptly(path, patience=0.05)
    file.put({"n": 0})
    assert "within 0.05 s" in file.write({"n": 1})
    for n in range(2, 50):
        assert "has not yet taken" in file.write({"n": n})
        file.put({"before": n})
    go_on.set()
    file.close(60.0)
    assert [json.loads(each) for each in written] == [{"n": 0}, {"before": 49}]


def test_what_is_answered_outlasts_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name in the folder is on the disk too before anybody is answered."""
    synced: list[Path] = []
    monkeypatch.setattr("zeroplant.store.durable.sync_folder", synced.append)
    file = Promptly(tmp_path / "commands.json", patience=60.0)
    assert file.write({"n": 1}) == ""
    assert synced == [tmp_path]
    file.close(60.0)
