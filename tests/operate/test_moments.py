"""Every cycle is found again in the journal as it was: what was seen, decided and answered."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.operate.test_loop import control, run
from zeroplant.operate import entries
from zeroplant.operate.decision import Decision
from zeroplant.operate.folder import PlantFolder
from zeroplant.operate.image import Image
from zeroplant.operate.moments import Moment, Moments, moment
from zeroplant.operate.orders import Order
from zeroplant.operate.replay import replay
from zeroplant.store import Journal, Record

Made = list[tuple[Image, Decision]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlantFolder, Made]:
    """Seventeen cycles, a whole entry every five; orders come and go, and the link breaks."""
    folder = tmp_path_factory.mktemp("plant")
    loop, devices, ticking = control(folder)
    made: Made = []
    loop.after = lambda image, decision: made.append((image, decision))
    run(loop, ticking, 3)
    begin = ticking.at
    order = Order("dispatch centre", "target", 20.0, begin, begin + timedelta(hours=1))
    loop.orders = lambda: [order]
    run(loop, ticking, 4)
    devices.broken = True
    run(loop, ticking, 3)
    loop.orders = tuple
    run(loop, ticking, 4)
    devices.broken = False
    run(loop, ticking, 3)
    assert loop.recording is not None
    loop.recording.close()
    return PlantFolder(folder), made


def plain(content: Any) -> Any:
    """As JSON gives it back."""
    return json.loads(json.dumps(content))


def assert_same(found: Moment | None, image: Image, decision: Decision) -> None:
    assert found is not None
    whole = entries.observation(image, decision), entries.decided(decision, image.points.names)
    assert plain(found.observation.payload) == plain(whole[0].payload)
    assert plain(found.decision.payload) == plain(whole[1].payload)
    assert found.decision.known == decision.at
    assert found.exact


def test_any_cycle_is_rebuilt_to_the_last_digit(lived: tuple[PlantFolder, Made]) -> None:
    folder, made = lived
    records = list(Journal(folder.journal).read())
    assert len([each for each in records if each.kind == "observation"]) == 4
    for image, decision in made:
        before = [each for each in records if each.known <= decision.at]
        assert_same(moment(before), image, decision)


def test_of_a_plant_with_very_many_points_only_whole_moments_are_kept(
    lived: tuple[PlantFolder, Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zeroplant.operate.moments.MANY", 3)
    moments, kinds = Moments(5), []
    for image, decision in lived[1][:7]:
        made = moments.entries(image, decision, [])
        kinds.append([each.kind for each in made])
        assert {"seen", "decided"}.isdisjoint(made[-1].payload)
    assert kinds == [["observation", "decision", "cycle"], *([["cycle"]] * 4), *kinds[:2]]


def test_replay_tells_a_moment_between_two_cycles(lived: tuple[PlantFolder, Made]) -> None:
    folder, made = lived
    image, decision = made[8]
    shown = replay(folder, decision.at + timedelta(seconds=1))
    assert shown.observation is not None
    assert shown.exact
    assert plain(shown.observation.payload) == plain(entries.observation(image, decision).payload)
    assert {"battery.charge", "battery.discharge"} & set(shown.answers)
    assert set(shown.answers.values()) == {"gone"}
    assert {key: each.payload["value"] for key, each in shown.called.items()} == {
        "dispatch centre: target": 20.0
    }
    assert replay(folder, made[2][1].at).called == replay(folder, made[11][1].at).called == {}
    json.dumps(shown.said())


def test_where_an_entry_is_missing_it_is_said_until_the_next_whole_one(
    lived: tuple[PlantFolder, Made],
) -> None:
    folder, made = lived
    records: list[Record] = list(Journal(folder.journal).read())
    gone = next(r for r in records if r.kind == "cycle" and r.known == made[6][1].at)
    records.remove(gone)
    exact = []
    for _, decision in made:
        found = moment(each for each in records if each.known <= decision.at)
        assert found is not None
        exact.append(found.exact)
    # The seventh cycle itself looks like the sixth; from the eighth on it is seen.
    assert exact == [True] * 7 + [False] * 3 + [True] * 7
