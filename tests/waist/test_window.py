"""A window says what the whole says of its part: same physics, same money, same optimum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.waist.micro import park, small
from tests.waist.plants import plants
from zeroplant.axis import Chain, Floats
from zeroplant.solve import solve
from zeroplant.waist import Flow, Network, Size, affine
from zeroplant.waist.solution import Solution
from zeroplant.waist.window import Given, window

some = settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
linear = plants(whole=False)


def told(whole: Solution, first: int, last: int) -> Given:
    """All that the answer of the whole says about the part from ``first`` to ``last``."""
    net = whole.network
    axis = net.axis
    delayed = {flow for flow in net.flows if flow.delay}
    known = delayed if first == 0 else set(net.flows)
    worth = {}
    for store in net.stores:
        dual = whole.row_dual[whole.layout.row(len(net.nodes) + store.index)]
        ends = last == axis.periods - 1 and not isinstance(store.start, str)
        after = (last + 1) % axis.periods
        worth[store.name] = 0.0 if ends else float(-dual[after] * axis.full(store.keep)[after])
    return Given(
        sizes={s.name: float(whole.value(s)[0]) for s in net.sizes if s.count == 1},
        levels={s.name: before(whole, s, first) for s in net.stores},
        worth=worth,
        prices={
            b.name: -whole.shadow(b)[b.groups] if b.count > 1 else float(-whole.shadow(b)[0])
            for b in net.budgets
            if b.integrates
        },
        past={f.name: np.roll(whole.value(f), axis.periods - first) for f in known},
    )


def before(whole: Solution, store: object, first: int) -> float:
    """A store's level before a stage of the whole."""
    start = getattr(store, "start")  # noqa: B009
    if first == 0 and not isinstance(start, str):
        return whole.number(start)
    return float(whole.value(store)[first - 1])  # type: ignore[arg-type]


def pinned(part: Network, whole: Solution, first: int, count: int) -> Network:
    """The window with every flow as the whole has it, a hair's breadth of room left."""
    for flow in part.flows:
        if not any(flow.name == other.name for other in whole.network.flows):
            continue
        values = whole.value(whole.network.flow_named(flow.name))[first : first + count]
        room = 1e-6 * (1.0 + np.abs(values))
        flow.floor, flow.cap = affine(np.maximum(0.0, values - room)), affine(values + room)
    return part


def money(solution: Solution, name: str) -> Floats:
    """What lines of that name come to, stage by stage."""
    lines = [line for line in solution.network.lines if f"{line.who}: {line.what}" == name]
    return np.asarray(sum(solution.amounts(line) for line in lines))


@some
@given(linear, st.floats(0.1, 0.9))
def test_two_windows_make_the_whole(net: Network, share: float) -> None:
    """What the whole does is possible in both windows, with the same levels and the same money."""
    whole = solve(net, solver="highs")
    cut = max(1, round(share * net.axis.periods))
    assume(cut < net.axis.periods)
    for first, count in ((0, cut), (cut, net.axis.periods - cut)):
        part = window(net, first, count, told(whole, first, first + count - 1))
        done = solve(pinned(part, whole, first, count), solver="highs")
        span = slice(first, first + count)
        for store in part.stores:
            expected = whole.value(net.store_named(store.name))[span]
            assert done.value(store) == pytest.approx(expected, abs=2e-3)
        for line in net.lines:
            if any(isinstance(v, Flow) for v in line.quantity.variables):
                name = f"{line.who}: {line.what}"
                paid = money(done, name).sum()
                assert paid == pytest.approx(money(whole, name)[span].sum(), abs=1.0, rel=1e-3)


@some
@given(linear, st.floats(0.1, 0.9))
def test_a_window_with_the_right_worth_wants_nothing_else(net: Network, share: float) -> None:
    """With the duals of the whole as end worth and rule prices no window does better by itself.

    A wrong answer would be: a worth with the wrong sign, hour or unit; a rule priced twice.
    """
    assume(not any(flow.delay and max(flow.delay.values()) for flow in net.flows))
    assume(not any(term.shift for b in net.budgets for term in b.expression.terms))
    slacks = {budget.slack for budget in net.budgets}
    assume(not any(size.count > 1 and size not in slacks for size in net.sizes))
    whole = solve(net, solver="highs")
    cut = max(1, round(share * net.axis.periods))
    assume(cut < net.axis.periods)
    for first, count in ((0, cut), (cut, net.axis.periods - cut)):
        told_ = told(whole, first, first + count - 1)
        free = solve(window(net, first, count, told_), solver="highs")
        part = pinned(window(net, first, count, told_), whole, first, count)
        fixed = solve(part, solver="highs")
        scale = 1.0 + sum(abs(entry.amount) for entry in free.ledger)
        assert fixed.objective - free.objective <= 1e-4 * scale


def test_a_day_s_rule_is_kept_and_a_month_s_is_priced() -> None:
    """Windows keep what lies within them whole; the rest leaves its price on the flows."""
    net = small(48)
    here = park(net)
    made = net.flow("made", give=here, cap=5.0, cost=10.0)
    net.flow("used", take=here, cap=np.inf)
    net.budget("each day", made, at_least=24.0, over="day")
    net.budget("the month", made, at_least=100.0, over="month")
    part = window(net, 0, 36, Given(prices={"the month": -3.0}))
    assert [(b.name, b.count) for b in part.budgets] == [("each day", 1)]
    answer = solve(part)
    assert answer.total(part.flow_named("made")) == pytest.approx(24.0)
    assert answer.objective == pytest.approx(24.0 * (10.0 - 3.0))


def test_a_month_s_peak_so_far_is_its_floor() -> None:
    """Import below what the month has already seen costs nothing more."""
    net = small(4)
    here = park(net)
    peak = net.size("peak", over="month", upper=20.0)
    net.flow("import", give=here, cap=peak, cost=1.0)
    net.flow("load", take=here, fixed=np.array([3.0, 5.0, 2.0, 1.0]))
    net.line("grid", "peak", peak, 100.0, unit="MW", kind="charge")
    cold = solve(window(net, 0, 4))
    warm = solve(window(net, 0, 4, Given(peaks={"peak": 8.0})))
    assert cold.value(cold.network.size_named("peak"))[0] == pytest.approx(5.0)
    assert warm.objective - cold.objective == pytest.approx(300.0)


def test_what_is_under_way_arrives() -> None:
    """A flow of the hours before arrives in the window; what leaves too late is worth its price."""
    net = small(6)
    up, down = net.node("up"), net.node("down")
    net.flow("source", give=up, cap=1.0)
    net.flow("way", take=up, give={down: 1.0}, cap=1.0, delay={down: 1.5})
    net.flow("bought", give=down, cap=9.0, cost=10.0)
    net.flow("wanted", take=down, fixed=2.0)
    part = window(net, 0, 4, Given(past={"way": np.array([0.2, 0.4])}))
    answer = solve(part)
    # hour 0: half of two hours ago and half of one hour ago; hour 1: half of the last hour
    arrived = 2.0 - answer.value(part.flow_named("bought"))
    assert arrived == pytest.approx([0.3, 0.2 + 0.5, 1.0, 1.0])
    worth = window(net, 0, 4, Given(past={"way": np.array([0.2, 0.4])}, worth={"down": 7.0}))
    assert solve(worth).objective - answer.objective == pytest.approx(-7.0 * 1.5)


def test_futures_are_chains() -> None:
    """The same part several times, side by side, each with its probability."""
    net = small(8)
    here = park(net)
    net.flow("bought", give=here, cap=9.0, cost=np.arange(8.0))
    net.flow("wanted", take=here, fixed=np.arange(8.0))
    twice = (Chain("one", 0.25), Chain("other", 0.75))
    part = window(net, 2, 4, chains=twice)
    part.flow_named("wanted").cap = part.flow_named("wanted").floor = affine(
        np.array([2, 3, 4, 5, 0, 0, 0, 1], dtype=float)
    )
    assert solve(part).objective == pytest.approx(0.25 * (4 + 9 + 16 + 25) + 0.75 * 5)


def test_only_parts_of_one_chain() -> None:
    """What is no part is refused in words."""
    net = small(4)
    park(net)
    with pytest.raises(ValueError, match="no part"):
        window(net, 2, 3)
    with pytest.raises(ValueError, match="no part"):
        window(small(4, chains=2), 0, 2)


def test_sizes_without_a_number_stay_free() -> None:
    """A plant that is still to be built can be cut as well."""
    net = small(4)
    here = park(net)
    power = net.size("power", upper=9.0)
    net.line("plant", "annuity", power, 1.0, unit="MW", kind="investment")
    net.flow("made", give=here, cap=power)
    net.flow("wanted", take=here, fixed=2.0)
    part = window(net, 1, 2)
    assert solve(part).objective == pytest.approx(2.0)
    assert isinstance(part.sizes[0], Size)
    assert not window(net, 1, 2, Given(sizes={"power": 3.0})).sizes
