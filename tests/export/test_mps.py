"""The model file, read back by a solver that knows nothing of us."""

from __future__ import annotations

from pathlib import Path

import highspy
import pytest
from hypothesis import HealthCheck, given, settings

from tests.waist.micro import park, small
from tests.waist.plants import plants
from zeroplant.errors import InputError
from zeroplant.export import write_mps
from zeroplant.solve import solve
from zeroplant.waist import Network


def read_back(path: Path) -> float:
    """What HiGHS finds for a model file."""
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("mip_rel_gap", 1e-9)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    return float(solver.getInfo().objective_function_value)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(net=plants())
@pytest.mark.parametrize("suffix", ["mps", "mps.gz", "lp"])
def test_the_file_costs_the_same(
    net: Network, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The file read back has our objective, constants and whole numbers included.

    A wrong answer would be: a lost offset, sign or integrality.
    """
    path = tmp_path_factory.mktemp("mps") / f"plant.{suffix}"
    write_mps(net, path)
    assert read_back(path) == pytest.approx(solve(net, gap=1e-9).objective, rel=1e-6, abs=1e-6)


def test_names_in_the_file(tmp_path: Path) -> None:
    """Columns carry the names of flows and sizes; names that look alike stay apart."""
    net = small(2)
    size = net.size("power", upper=1.0)
    net.flow("a b", give=park(net), cap=size)
    net.flow("a-b", take=net.nodes[0])
    write_mps(net, tmp_path / "plant.mps")
    text = (tmp_path / "plant.mps").read_text()
    for name in ("a_b.0", "a_b.1", "a_b.0_", "size_power", "row_park.1", "cap_a_b.0"):
        assert f" {name} " in text.replace("\n", " \n")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    """A name that says no format is refused and nothing is written."""
    with pytest.raises(InputError, match=r"end it in \.mps, \.mps\.gz or \.lp"):
        write_mps(small(1), tmp_path / "plant.txt")
    assert not list(tmp_path.iterdir())
