"""The few stores against every home by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.homes.few import axis, homes, weather
from zeroplant.homes.exact import Cost, room_cost
from zeroplant.homes.room_store import groups_of, promise_of

PRICE = np.tile(np.repeat([300.0, 300, 600, 300, 600, 300], 4), 2)
HOMES = 150


@pytest.mark.parametrize(
    ("mean", "season", "most"), [(35.0, 1, 0.12), (28.0, 1, 0.5), (4.0, -1, 0.5)]
)
def test_rooms_one_by_one_are_never_dearer(mean: float, season: int, most: float) -> None:
    """*Proves:* over two days, 150 rooms planned one by one in one linear plan cost at most what
    their groups do, and these at most what thermostats do; in heat, where it counts, the groups
    keep nearly all of the gain (printed). *A wrong answer would be:* groups that beat the exact
    plan: they would promise what the rooms cannot do.
    """
    rooms = homes(HOMES, 7).rooms
    climate = weather(axis(2), mean, season, seed=2)
    total = np.zeros(3)
    for members in groups_of(rooms, 3):
        own = rooms.only(members)
        promise = promise_of(own, climate)
        cost = room_cost(own, climate, promise, np.arange(len(own)), PRICE)
        assert cost.exact <= cost.shared + 1e-9
        assert cost.shared <= cost.idle + 1e-9
        total += [cost.idle, cost.shared, cost.exact]
    loss = Cost(*total).loss
    print(f"{mean:g} °C: {total.round(3)} idle, few stores, exact; loss {loss:.3f}")  # noqa: T201
    assert loss <= most


def test_a_group_of_equal_rooms_loses_only_the_morning() -> None:
    """*Proves:* rooms that are all alike lose nothing by being one store, but for the state that
    returns to 0 at 6 in the morning. *A wrong answer would be:* a loss from adding up.
    """
    rooms = homes(1, 5).rooms.only(np.zeros(20, dtype=np.int64))
    climate = weather(axis(2), 35.0, 1, swing=2.0)
    price = np.where((np.arange(48) % 24 >= 16) & (np.arange(48) % 24 < 20), 600.0, 300.0)
    cost = room_cost(rooms, climate, promise_of(rooms, climate), np.arange(20), price)
    assert 0.0 <= cost.loss < 0.06
    one = rooms.only(np.arange(1))
    same = room_cost(one, climate, promise_of(one, climate), np.arange(1), price)
    assert same.shared * 20 == pytest.approx(cost.shared)


def test_a_sample_is_held_to_the_whole_group() -> None:
    """*Proves:* a sample planned under the promise of a larger group costs no less than under its
    own: the others' limits are its limits. *A wrong answer would be:* a loss that looks small
    because the sample is.
    """
    rooms = homes(90, 9).rooms
    climate = weather(axis(2), 33.0, 1)
    whole, few = promise_of(rooms, climate), np.arange(0, 90, 6)
    part = rooms.only(few)
    of_all = room_cost(part, climate, whole, few, PRICE)
    own = promise_of(part, climate)
    assert replace(own, scale=own.scale).base.sum() < whole.base.sum()
    assert of_all.exact == pytest.approx(
        room_cost(part, climate, own, np.arange(len(few)), PRICE).exact
    )
    assert of_all.shared >= of_all.exact - 1e-9
