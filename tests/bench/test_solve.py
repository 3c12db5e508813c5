"""The solver benchmark measures what it says, and judges it by what is promised."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from zeroplant.bench import kernels
from zeroplant.bench import solve as bench
from zeroplant.bench.apart import apart
from zeroplant.bench.examples import example_network
from zeroplant.bench.many_prices import costs, in_turn
from zeroplant.bench.nodes10 import PLACES, nodes10
from zeroplant.bench.one_year import compared
from zeroplant.bench.rivals import Run, best
from zeroplant.cli import main
from zeroplant.errors import SolveError
from zeroplant.solve import solve
from zeroplant.solve.highs import HighsModel
from zeroplant.waist.assembly import assemble
from zeroplant.waist.compiler import compile_network

SHORT = {"time.years": "null", "time.periods": "96"}


def test_all_solvers_get_one_programme() -> None:
    """Over four days every solver ends, and all objectives agree; the entry has what is promised.

    A wrong answer would be: a ratio between two different problems.
    """
    pytest.importorskip("piqp")
    found = compared(example_network("county-base", SHORT), 30.0, {"ratio": 0.0})
    json.dumps(found)
    runs = [*found["highs_runs"], found["piqp_run"]]
    assert {run["method"] for run in runs} == {"hipo", "simplex", "ipm", "piqp"}
    ended = [run["objective"] for run in runs if run["objective"] is not None]
    assert len(ended) >= 2
    assert ended == pytest.approx([found["objective"]] * len(ended), rel=1e-5)
    assert found["relative_error"] <= 1e-6
    assert found["ratio"] == found["highs_seconds"] / found["staged_seconds"]


def test_ten_nodes_are_what_they_are_called() -> None:
    """Ten places, forty free sizes, thirty ways; the plant has an answer that serves the load."""
    network = nodes10(48)
    assert len(network.nodes) == PLACES
    assert len(network.sizes) == 4 * PLACES
    assert len(network.flows_of("transfer")) == 30
    solution = solve(network)
    unserved = sum(solution.value(flow).sum() for flow in network.flows_of("unserved"))
    load = sum(solution.value(flow).sum() for flow in network.flows_of("load"))
    assert unserved < 0.01 * load


def test_each_price_scenario_gets_its_own_answer() -> None:
    """Every scenario costs what HiGHS says of the programme with those costs."""
    network = example_network("county-base", SHORT)
    program = compile_network(network)
    matrix = assemble(program)
    scenarios = [replace(matrix, cost=cost) for cost in costs(network, matrix, 3)]
    found = [answer.objective for answer in in_turn(program, scenarios)]
    expected = [HighsModel(scenario).solve().objective for scenario in scenarios]
    assert found == pytest.approx(expected, rel=1e-6)
    assert len(set(found)) == 3


def test_limits_are_judged() -> None:
    """Least values from below, most values from above; what is unknown does not hold."""
    case = {"ratio": 21.0, "per_second": 7.0, "peak_gb": 5.0, "relative_error": None}
    limits = {"ratio": 20.0, "per_second": 8.0, "peak_gb": 6.0, "relative_error": 1e-6}
    assert bench.judged({**case, "limits": limits})["holds"] == {
        "ratio": True, "per_second": False, "peak_gb": True, "relative_error": False,
    }  # fmt: skip


def test_only_runs_that_ended_count() -> None:
    """A solver that stopped early with the least seconds is not the best."""
    ended = Run("ipm", 9.0, 5.0, "optimal", 1.0)
    assert best([Run("hipo", 9.0, 1.0, "Unknown"), ended]) is ended
    assert best([Run("hipo", 9.0, 1.0, "Unknown")]) is None


def test_work_apart_may_fail() -> None:
    """A crash, an error and a result: each is told apart, and we are still here."""
    assert apart(os.path.basename, "a/b", limit=10.0).result == "b"
    assert "ValueError" in apart(int, "one", limit=10.0).reason
    assert "exit code 3" in apart(os._exit, 3, limit=10.0).reason


def test_work_apart_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that does not end is stopped."""
    monkeypatch.setattr("zeroplant.bench.apart.GRACE", 0.5)
    assert apart(time.sleep, 60.0, limit=0.5).reason == "stopped after 0.5 s"


def test_an_unknown_case_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """One line says what cases there are."""
    assert main(["bench", "solve", "--case", "county"]) == 1
    assert "there is no case 'county'; write one of county-base-8760" in capsys.readouterr().err


def test_the_whole_command_that_compiles_is_timed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """*Proves:* the clock runs from the command's start to its end, the processors' time is that of
    all its processes, and one that fails gives no figure. *A wrong answer would be:* half of the
    processors' time, or 0 s for a command that has compiled nothing.
    """
    busy = "import time; a = time.process_time()\nwhile time.process_time() < a + 0.3: pass\n"
    child = f"import subprocess, sys; b = subprocess.Popen([sys.executable, '-c', {busy!r}])\n"
    monkeypatch.setattr(kernels, "COMMAND", ("-c", f"{child}{busy}b.wait()"))
    clock, processor = kernels.compiled(str(tmp_path), 60.0)
    assert clock >= 0.3
    assert processor >= 0.6
    monkeypatch.setattr(kernels, "COMMAND", ("-c", "raise SystemExit(3)"))
    with pytest.raises(SolveError, match="kernels were not compiled"):
        kernels.compiled(str(tmp_path), 60.0)
