"""The studio: what may be moved, what a page may send, and plans that change with it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from zeroplant.errors import InputError
from zeroplant.files import load_yaml
from zeroplant.plan import plan
from zeroplant.plant import Plant, load_plant
from zeroplant.portal.routes.plan import _planned
from zeroplant.portal.studio import BusyError, Studio, knobs_of, written

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SMALL = """
zeroplant: 1
name: small
time: {periods: 48}
nodes: {bus: {carrier: electricity}}
assets:
  town: {kind: demand, at: bus, load: 10 MW}
  sun: {kind: solar, at: bus, power: {max: 50 MW}, availability: 0.2, capex: 2800 CNY/kW}
  grid:
    {kind: grid, at: bus, connection: 20 MW, import_price: 0.5 CNY/kWh, region: Inner Mongolia}
"""
RULES = "rules: [{pack: cn-direct-connection-650}]\ncarbon: {cap: 1000000 tCO2/a}\n"


def rounded(plant: Plant) -> object:
    """All the plant says, its numbers to twelve digits: units were converted on the way."""
    return json.loads(
        plant.model_dump_json(warnings=False), parse_float=lambda text: f"{float(text):.12g}"
    )


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    file = tmp_path / "plant.yaml"
    file.write_text(SMALL, encoding="utf-8")
    studio = Studio(file)
    yield studio
    studio.close()


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.iterdir()))
def test_every_knob_of_every_example_can_be_written_back(example: str) -> None:
    """A knob at the number of the file changes nothing, and the plant is still one."""
    path = EXAMPLES / example / "plant.yaml"
    knobs = knobs_of(load_yaml(path).data)
    assert knobs
    assert all(knob.least <= (knob.value or knob.least) <= knob.most for knob in knobs)
    same = {knob.place: knob.value for knob in knobs if knob.value is not None}
    before, after = (load_plant(path, changes) for changes in ({}, written(knobs, same)))
    assert rounded(before) == rounded(after)


@pytest.mark.parametrize(
    ("place", "number"),
    [
        ("assets.sun.power", 51.0),
        ("assets.sun.power", -1.0),
        ("assets.sun.power", float("nan")),
        ("assets.sun.availability", 0.5),
        ("assets.town.load", 5.0),
        ("assets.sun.capex", None),
        ("name", 1.0),
    ],
)
def test_what_no_slider_could_send(studio: Studio, place: str, number: float | None) -> None:
    """Outside a range, or at a place that is no knob: nothing of the machine can be named."""
    with pytest.raises(InputError):
        written(studio.knobs, {place: number})


def test_a_moved_knob_moves_the_plan(studio: Studio) -> None:
    """The studio's plan is the plan of the changed file, to the last digit; rules have titles."""
    studio.path.write_text(SMALL + RULES, encoding="utf-8")
    moved = {"assets.sun.power": 25.0, "assets.sun.capex": 3000.0}
    outcome = asyncio.run(studio.plan(moved))
    assert outcome.found["sizes"]["sun.power"] == 25.0
    here = plan(load_plant(studio.path, outcome.changes), advise=False)
    assert outcome.found["objective"] == pytest.approx(here.solution.objective, rel=1e-9)
    told = {each.rule: each.title for each in _planned(outcome.found, "zh").rules}
    assert told["carbon cap"] == "年碳排放上限"
    assert len(told) > 2
    assert not [title for title in told.values() if re.search("[a-z]{3}", title)]
    outcome.found["rules"] = [outcome.found["rules"][0] | {"value": None, "met": None}]
    (unjudged,) = _planned(outcome.found, "en").rules
    assert (unjudged.value, unjudged.met) == (None, None)


def test_a_planner_that_was_killed_is_started_again(studio: Studio) -> None:
    """Whoever waits for a plan gets one, although its process was shot meanwhile."""
    asyncio.run(studio.plan({}))
    pool = studio._pool
    assert pool is not None
    for process in pool._processes:
        os.kill(process, signal.SIGKILL)
    assert not asyncio.run(studio.plan({})).found["problems"]


def test_too_many_wishes_are_refused_at_once(studio: Studio) -> None:
    """The first eight are planned; the ninth is told to come again."""

    async def many() -> list[object]:
        return await asyncio.gather(
            *(studio.plan({"assets.sun.power": float(n)}) for n in range(9)),
            return_exceptions=True,
        )

    found = asyncio.run(many())
    assert [isinstance(each, BusyError) for each in found] == [False] * 8 + [True]


def test_a_plan_nobody_waits_for_is_not_solved(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the queue it is taken out; one that would go on for long is ended with its process."""
    monkeypatch.setattr("zeroplant.portal.studio.studio.GRACE", 0.2)

    async def leave() -> tuple[float, dict[str, object]]:
        await studio.plan({})
        endless = asyncio.create_task(studio.work(_sleep, 600.0))
        await asyncio.sleep(0.3)
        queued = asyncio.create_task(studio.work(_sleep, 0.0))
        await asyncio.sleep(0.05)
        begin = time.monotonic()
        for task in (queued, endless):
            task.cancel()
        done = await asyncio.gather(queued, endless, return_exceptions=True)
        assert [type(each) for each in done] == [asyncio.CancelledError] * 2
        gone = time.monotonic() - begin
        return gone, (await studio.plan({})).found

    gone, found = asyncio.run(leave())
    assert gone < 30.0
    assert found["problems"] == []


def _sleep(seconds: float) -> dict[str, object]:
    time.sleep(seconds)
    return {"problems": ["it was solved after all"]}
