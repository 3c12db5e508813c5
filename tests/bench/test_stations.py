"""The benchmark of swap stations measures what it says."""

from __future__ import annotations

import json

from zeroplant.bench import stations


def test_visits_of_a_year_are_counted() -> None:
    """*Proves:* a year of 5 trucks an hour is run in each of the three cases, and every figure is
    there. How fast is for benchmarks, not for here. *A wrong answer would be:* a handful of
    visits.
    """
    found = stations.run(repeats=1)
    json.dumps(found)
    assert 40_000 < found["visits"] < 48_000
    for case in ("at_once", "scheduled", "corridor"):
        assert found[f"{case}_visits_per_second_best"] >= found[f"{case}_visits_per_second"] > 0
