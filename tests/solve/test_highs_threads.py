"""Threads for HiPO alone: how many, whose they are, and that the answer does not know of them."""

from __future__ import annotations

import os

import pytest

from tests.solve.test_calm import sunny
from tests.solve.test_hipo import programme
from zeroplant.solve.highs import HighsModel
from zeroplant.solve.highs_threads import allowed, apart
from zeroplant.solve.hipo import OPTIONS, solve_hipo


@pytest.mark.parametrize(
    ("cores", "told", "threads"),
    [(8, None, 2), (1, None, 1), (8, "1", 1), (8, "16", 2), (8, "0", 2)],
)
def test_two_threads_where_nothing_speaks_against_it(
    monkeypatch: pytest.MonkeyPatch, cores: int, told: str | None, threads: int
) -> None:
    """*Proves:* two, but not more than there are cores, nor than the environment says."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(cores), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if told is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert allowed() == threads


def test_models_of_any_number_of_threads_run_in_one_process() -> None:
    """*Proves:* one, two and HiGHS's own choice take turns. *A wrong answer would be:* a model
    that HiGHS refuses, because the first one of the process decided.
    """
    matrix = programme(sunny(24)[0])[1]

    def status(**options: int) -> str:
        model = HighsModel(matrix, **OPTIONS, **options)
        model.highs.setOptionValue("solver", "hipo")
        return model.solve().status

    assert status() == "optimal"
    for threads in (1, 2, 1):
        assert apart(lambda threads=threads: status(threads=threads)) == "optimal"
    assert status() == "optimal"


def test_what_goes_wrong_comes_back() -> None:
    """*Proves:* an error passes to the caller."""
    with pytest.raises(ZeroDivisionError):
        apart(lambda: 1 // 0)


def test_the_answer_is_the_same_on_one_thread_and_on_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """*Proves:* to the last bit. *A wrong answer would be:* a plan that hangs on the cores."""
    found = []
    for cores in (1, 2, 2):
        monkeypatch.setattr(
            os, "sched_getaffinity", lambda _, cores=cores: range(cores), raising=False
        )
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
        found.append(solve_hipo(*programme(sunny(1200)[0]), None))
    first = found[0]
    assert first is not None
    for other in found[1:]:
        assert other is not None
        assert (other.x == first.x).all()
        assert (other.row_dual == first.row_dual).all()
