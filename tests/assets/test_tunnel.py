"""The tunnel: light after sun and traffic, fans after traffic, dimming for a price."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.assets.small import answer, axis, grid, near, of, paid
from zeroplant.assets.tunnel import Tunnel
from zeroplant.solve import solve
from zeroplant.synthetic.load import tunnel as generated
from zeroplant.waist import Network, Scope


def tunnel(**words: Any) -> Tunnel:
    """20 kW of basic light, 100 kW at the entrance, 200 kW of fans; four lanes."""
    usual = {"kind": "tunnel", "at": "park", "basic": 0.02, "entrance": 0.1, "fans": 0.2,
             "vehicles": 3000.0, "daylight": np.array([0.0, 0.5, 1.0])}  # fmt: skip
    return Tunnel(**{**usual, **words})


def test_entrance_light_follows_the_day() -> None:
    """*Proves:* at night 20 kW, half bright 20 + 50·0.85 kW: 750 vehicles per hour and lane are
    47 % of the way from 350 to 1 200, so the entrance needs 0.7 + 0.3·0.47 of its light. *A wrong
    answer would be:* full light at night, or whatever the traffic.
    """
    reduced = 0.7 + 0.3 * 400 / 850
    wanted = 0.02 + 0.1 * reduced * np.array([0, 0.5, 1])
    assert near(tunnel().light(axis(3), None), wanted)
    assert near(tunnel(vehicles=200.0).light(axis(3), None)[2], 0.02 + 0.07)
    assert near(tunnel(vehicles=9000.0).light(axis(3), None)[2], 0.12)


def test_fans_follow_the_traffic() -> None:
    """*Proves:* half the design traffic needs a quarter of the fans, twice of it all of them, none
    the least share. *A wrong answer would be:* fans beyond their rating.
    """
    some = tunnel(vehicles=np.array([1500.0, 6000, 0]), least_fans=0.1)
    assert near(some.ventilation(axis(3)), [0.05, 0.2, 0.02])


def test_light_is_dimmed_where_power_is_dear() -> None:
    """*Proves:* at 1 200 CNY/MWh the 30 % of light that may be spared is, at 1 000; at 900 it is
    not. *A wrong answer would be:* dimming fans, or for nothing.
    """
    some = tunnel(entrance=0.0, vehicles=3000.0)
    plan = answer({"tunnel": some, "grid": grid(np.array([1200.0, 900, 900]))}, axis(3))
    assert near(of(plan, "tunnel.dimmed"), [0.006, 0, 0])
    assert near(paid(plan, "tunnel", "dimmed light"), 6.0)
    assert near(of(plan, "grid.import")[0], 0.22 - 0.006)


def test_a_dark_tunnel_has_an_answer() -> None:
    """*Proves:* without power all is dimmed or unserved, each once. *A wrong answer would be:* more
    spared than is needed.
    """
    plan = answer({"tunnel": tunnel()}, axis(3))
    total = of(plan, "tunnel.dimmed") + of(plan, "tunnel.unserved")
    assert near(total, of(plan, "tunnel.light") + of(plan, "tunnel.fans"))


def test_findings() -> None:
    """*Proves:* energies are those of a year. *A wrong answer would be:* those of three hours."""
    some = tunnel(daylight=1.0)
    net = Network(axis(3))
    net.node("park")
    scope = Scope(net, "t")
    some.describe(scope, None)
    grid().describe(Scope(net, "grid"), None)
    found = {f.key: f.value for f in some.findings(scope, solve(net))}
    assert near(found["fans"], 0.2 * 8760)
    assert near(found["dimmed"], 0.0)


def test_the_kind_behaves_as_the_generator_of_tunnels() -> None:
    """*Proves:* physics from sun and traffic gives a day like that of the generated load: both
    peak in the hours around noon, are lowest between 1 and 5 h, and swing by a factor of 2 to 4.
    *A wrong answer would be:* a flat load, or one of the night.
    """
    time = axis(24, start="2025-05-20")
    hour = np.arange(24)
    sun = np.clip(np.cos(2 * np.pi * (hour - 12.5) / 24), 0, 1)
    cars = 1500 + 1200 * np.cos(2 * np.pi * (hour - 14) / 24)
    some = tunnel(basic=0.15, daylight=sun, vehicles=cars)
    mine = some.light(time, None) + some.ventilation(time)
    for each in (mine, generated(time, 1, noise=0.0)):
        assert 11 <= np.argmax(each) <= 15
        assert np.argmin(each) <= 5
        assert 2 < each.max() / each.min() < 4


def test_a_tunnel_without_anything_is_refused() -> None:
    """*Proves:* what cannot be is refused when it is written."""
    with pytest.raises(ValidationError, match="needs no power"):
        tunnel(basic=0.0, entrance=0.0, fans=0.0)
