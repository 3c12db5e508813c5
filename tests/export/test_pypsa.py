"""The exported network, solved by PyPSA's own model, against our own answer."""

from __future__ import annotations

import subprocess
import sys
import warnings
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings

from tests.waist.plants import plants
from zeroplant.axis import Axis, Chain
from zeroplant.errors import InputError
from zeroplant.export import to_pypsa
from zeroplant.solve import solve
from zeroplant.waist import Network

# Notices of PyPSA and its libraries are theirs to heed.
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

PARTS, EXAMPLES = 10, 21


def peer_objective(network: Network) -> float:
    """What PyPSA finds for the exported network."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer, rules = to_pypsa(network)
        status = peer.optimize(
            solver_name="highs", extra_functionality=rules, log_to_console=False,
            include_objective_constant=False, progress=False, mip_rel_gap=1e-9,
        )  # fmt: skip
    assert status == ("ok", "optimal")
    return float(peer.objective)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_random_plants_cost_the_same_in_pypsa(part: int) -> None:
    """210 random plants of every feature have one optimal cost, in our model and in PyPSA's.

    Proves: compiler, costs, stores, delays, rules and whole numbers mean what they say.
    A wrong answer would be: any sign, weight, shift or index that differs in one feature moves
    the objective of the plants that have it.
    """

    @settings(max_examples=EXAMPLES, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @seed(part)
    @given(network=plants())
    def agree(network: Network) -> None:
        ours = solve(network, gap=1e-9).objective
        theirs = peer_objective(network)
        assert abs(ours - theirs) <= 1e-6 * max(1.0, abs(ours))

    agree()


def net_of(periods: int = 3) -> Network:
    """A plain network over some hours."""
    return Network(Axis(datetime(2025, 1, 1, tzinfo=UTC), periods))


def test_words_that_map_exactly_are_plain_components() -> None:
    """Load, generator, store and a size come out as such, without any extra rule.

    A wrong answer would be: a model that only works with the extra functions.
    """
    net = net_of()
    bus = net.node("park")
    size = net.size("wind power", upper=9.0)
    net.line("wind", "annuity", size, 5.0, unit="MW", kind="investment")
    net.flow("load", take=bus, fixed=2.0)
    net.flow("wind", give=bus, cap=np.array([0.5, 1.0, 0.2]) * size)
    charge, discharge = net.flow("charge", take=bus, cap=1.0), net.flow("discharge", give=bus)
    net.store("level", fill={charge: 0.9}, drain={discharge: 1.0}, cap=4.0)
    peer, rules = to_pypsa(net)
    assert rules is None
    assert list(peer.c.loads.static.index) == ["load"]
    wind = peer.c.generators.static.loc["wind"]
    assert wind["p_nom_extendable"]
    assert (wind["p_nom_max"], wind["capital_cost"]) == (9.0, 5.0)
    assert list(peer.c.stores.static["e_cyclic"]) == [True]
    assert set(peer.c.processes.static.index) == {"charge", "discharge"}
    assert peer_objective(net) == pytest.approx(solve(net).objective, rel=1e-9)


def test_sizes_are_read_back_as_capacities() -> None:
    """The capacity PyPSA chooses is our size, in our unit, whole units included."""
    net = net_of()
    bus = net.node("park")
    units = net.size("units", upper=9.0, integer=True)
    net.line("me", "units", units, 5.0)
    net.flow("load", take=bus, fixed=5.0)
    net.flow("plant", give=bus, cap=2.0 * units)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer, rules = to_pypsa(net)
        peer.optimize(solver_name="highs", extra_functionality=rules, log_to_console=False,
                      include_objective_constant=False, progress=False)  # fmt: skip
    assert peer.c.generators.static.loc["plant", "p_nom_opt"] == pytest.approx(3.0)
    assert solve(net).number(units) == pytest.approx(3.0)


def test_a_store_named_as_a_node() -> None:
    """A store may have a node's name; its bus then has another."""
    net = net_of()
    bus = net.node("heat")
    out = net.flow("out", give=bus)
    net.flow("load", take=bus, fixed=1.0)
    net.store("heat", drain={out: 1.0}, start=5.0)
    assert peer_objective(net) == pytest.approx(0.0)


def test_pypsa_is_loaded_only_when_asked_for() -> None:
    """Importing our export loads neither PyPSA nor what it stands on."""
    code = (
        "import sys, zeroplant.export as e; print({'pypsa', 'linopy', 'xarray'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_without_pypsa_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyPSA is absent the user reads what to install."""
    monkeypatch.setitem(sys.modules, "pypsa", None)
    with pytest.raises(InputError, match=r"zeroplant\[pypsa\]"):
        to_pypsa(net_of())


def test_several_chains_are_refused_by_name() -> None:
    """Weather years cannot be said in one run of snapshots; the message names them."""
    axis = Axis(datetime(2025, 1, 1, tzinfo=UTC), 2, chains=(Chain("dry"), Chain("wet")))
    with pytest.raises(InputError, match=r"several \(dry, wet\)"):
        to_pypsa(Network(axis))
