"""The days a plant stands on are kept for the next start, and never taken for other days."""

from __future__ import annotations

import os
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.operate.county import county
from zeroplant.operate import standing_kept
from zeroplant.operate.standing import Standing
from zeroplant.operate.standing_kept import MARK, NAME, stand_again
from zeroplant.plant import Plant

START = datetime(2025, 7, 14, tzinfo=UTC)


def plant() -> Plant:
    """The county base, without a span of its own."""
    return county().plant


def stood(folder: Path, said: Plant | None = None, start: datetime = START) -> Standing:
    """The county base on a day, with its year solved."""
    return stand_again(said or plant(), start=start, days=1, year=county().year, folder=folder)


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Starts of the days that had to be worked out."""
    found: list[datetime] = []
    made = standing_kept.stand

    def stand(plant: Plant, *, start: datetime, **words: object) -> Standing:
        found.append(start)
        return made(plant, start=start, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(standing_kept, "stand", stand)
    return found


def test_what_was_kept_is_what_would_be_worked_out(tmp_path: Path, works: list[datetime]) -> None:
    made, kept = stood(tmp_path), stood(tmp_path)
    assert works == [START]
    assert kept.network is not made.network
    assert pickle.dumps(kept.network) == pickle.dumps(pickle.loads(pickle.dumps(made.network)))
    assert kept.network.axis == made.network.axis
    assert kept.plant.time == made.plant.time
    assert (kept.sizes, kept.levels, kept.year) == (made.sizes, made.levels, made.year)
    for name, values in made.worth.items():
        np.testing.assert_array_equal(kept.worth[name], values)
    assert kept.rule_prices.keys() == made.rule_prices.keys()


def test_other_days_another_plant_and_another_program_are_worked_out(
    tmp_path: Path, works: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    stood(tmp_path)
    later = START + timedelta(days=1)
    stood(tmp_path, start=later)
    assert works == [START, later]
    stood(tmp_path, plant().model_copy(update={"name": "another"}), start=later)
    assert works == [START, later, later]
    monkeypatch.setattr(standing_kept, "stamp", lambda _: "changed")
    stood(tmp_path, plant().model_copy(update={"name": "another"}), start=later)
    assert works == [START, later, later, later]


def test_a_file_that_the_plant_names_may_change(tmp_path: Path) -> None:
    prices = tmp_path / "prices.csv"
    prices.write_text("1")
    said = {"assets": {"grid": {"price": [{"file": "prices.csv"}, "none.csv", ""]}}}
    (before,) = standing_kept._files(said, tmp_path)
    assert before[:2] == ("prices.csv", 1)
    prices.write_text("22")
    assert list(standing_kept._files(said, tmp_path)) != [before]


@pytest.mark.parametrize("kind", ["cut", "other", "harmful", "call", "through"])
def test_a_file_that_is_not_ours_does_nothing_and_is_made_anew(
    tmp_path: Path, works: list[datetime], kind: str
) -> None:
    """A pickle could run anything; of this one only networks are read."""

    class Harmful:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "harm"),)

    stood(tmp_path)
    path = tmp_path / NAME
    whole = path.read_bytes()
    module, name = b"zeroplant.waist.network", b"np.memmap"  # a class, and a file is written
    told = pickle.dumps((str(tmp_path / "harm"), "u1", "w+", 0, 1), protocol=2)[2:-1]
    through = b"\x8c%c%s\x8c%c%s\x93" % (len(module), module, len(name), name)
    inside = {
        "through": b"\x80\x04" + through + told + b"R.",
        "cut": whole[MARK:-100],
        "other": b"nothing",
        "harmful": pickle.dumps(Harmful()),
        "call": b"czeroplant.waist.window\nwindow\n(tR.",  # ours, and no class
    }
    path.write_bytes(whole[:MARK] + inside[kind])
    stood(tmp_path)
    assert works == [START, START]
    assert not (tmp_path / "harm").exists()
    assert path.read_bytes()[:MARK] == whole[:MARK]
    stood(tmp_path)
    assert works == [START, START]


def test_where_it_cannot_be_kept_it_stands_all_the_same(
    tmp_path: Path, works: list[datetime]
) -> None:
    (tmp_path / "file").write_text("no folder")
    assert stood(tmp_path / "file").network.flows
    assert works == [START]
