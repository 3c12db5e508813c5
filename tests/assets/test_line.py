"""Lines between nodes: losses both ways, ratings, costs."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from tests.assets.small import answer, axis, grid, load, near, of, paid
from zeroplant.assets.line import Line
from zeroplant.units import SizeRange
from zeroplant.waist.solution import Solution

ENDS = ("park", "hill")


def line(**words: object) -> Line:
    """A line of 10 MW with 10 % of losses."""
    return Line(
        **{"kind": "line", "from": "park", "to": "hill", "power": 10.0, "losses": 0.1, **words}
    )


def prices_at(plan: Solution, node: str) -> float:
    """Price at a node in the first period."""
    return float(plan.price(next(n for n in plan.network.nodes if n.name == node))[0])


def test_losses_on_the_way_there() -> None:
    """*Proves:* 4.5 MW at the far end take 5 MW at the near end, and a MWh there is worth
    400/0.9. *A wrong answer would be:* 4.95 MW (losses on what arrives), or one price for both.
    """
    assets = {"grid": grid(400.0), "cable": line(), "works": load(4.5, at="hill")}
    plan = answer(assets, axis(1), nodes=ENDS)
    assert near(of(plan, "grid.import"), [5.0])
    assert near(prices_at(plan, "hill"), 400 / 0.9)


def test_losses_on_the_way_back() -> None:
    """*Proves:* the same line carries the other way with the same losses. *A wrong answer would
    be:* a gain of 1/0.9 on the way back.
    """
    assets = {"grid": grid(400.0, at="hill"), "cable": line(), "works": load(4.5)}
    plan = answer(assets, axis(1), nodes=ENDS)
    assert near([of(plan, "cable.back")[0], of(plan, "grid.import")[0]], [5.0, 5.0])


def test_a_line_one_way() -> None:
    """*Proves:* a one-way line brings nothing back. *A wrong answer would be:* served load."""
    assets = {"grid": grid(400.0, at="hill"), "cable": line(one_way=True), "works": load(4.5)}
    assert near(of(answer(assets, axis(1), nodes=ENDS), "works.unserved"), [4.5])


def test_the_rating_is_that_of_the_sending_end() -> None:
    """*Proves:* a line of 10 MW delivers 9. *A wrong answer would be:* 10."""
    assets = {"grid": grid(400.0), "cable": line(), "works": load(12.0, at="hill")}
    assert near(of(answer(assets, axis(1), nodes=ENDS), "works.unserved"), [3.0])


def test_no_loop_flow() -> None:
    """*Proves:* with two lines of different losses, what power costs something takes the better
    one and nothing runs in a circle. *A wrong answer would be:* power sent round to be lost.
    """
    assets = {
        "grid": grid(np.array([400.0, 1.0])),
        "good": line(losses=0.02),
        "bad": line(losses=0.1),
        "works": load(4.9, at="hill"),
    }
    plan = answer(assets, axis(2), nodes=ENDS)
    assert near(of(plan, "good.forth"), 5.0)
    for name in ("good.back", "bad.forth", "bad.back"):
        assert near(of(plan, name), 0.0)


def test_a_line_is_bought_by_power_and_length() -> None:
    """*Proves:* a MW costs 100 000 and 1 200 for each of 20 km: 124 000, at 25 years and 6 %.
    *A wrong answer would be:* 1 200 per metre, or per km without the MW.
    """
    per_km = TypeAdapter(Line.model_fields["capex_length"].rebuild_annotation())
    price = per_km.validate_python("1200 CNY/MW/km", context={"file": "plant.yaml"})
    cable = line(power=SizeRange(0, 50), capex=1e5, capex_length=price, length=20_000.0)
    time = axis(365, 24.0)
    plan = answer(
        {"grid": grid(400.0), "cable": cable, "works": load(9.0, at="hill")}, time, nodes=ENDS
    )
    annuity = 0.06 / (1 - 1.06**-25)
    assert near(paid(plan, "cable", "annuity of line"), 124_000 * 10 * annuity)


def test_both_ends_carry_the_same() -> None:
    """*Proves:* a line of heat joins two nodes of heat, and none joins heat with electricity; an
    end that is no node is left to the check of names. *A wrong answer would be:* a line that
    makes heat of electricity for nothing.
    """
    heat = {"park": "heat", "hill": "heat"}
    assert not list(Line.across({"pipe": line()}, heat))
    assert not list(Line.across({"pipe": line()}, {"park": "heat"}))
    ((name, problem),) = Line.across({"pipe": line()}, {**heat, "hill": "electricity"})
    assert name == "pipe"
    assert "'park', which carries heat, and 'hill', which carries electricity" in problem.what


def test_contradictions_are_named() -> None:
    """*Proves:* a line from a node to itself, and a price by a length that is not given, are
    refused when they are written.
    """
    with pytest.raises(ValidationError, match="two different nodes"):
        line(to="park")
    with pytest.raises(ValidationError, match="give 'length' too"):
        line(capex_length=1.0)
