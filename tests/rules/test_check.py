"""Rules on measured accounts: values, margins, and what cannot be said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant import rules
from zeroplant.errors import InputError

ACCOUNT = {
    "new_energy_available": 100.0,
    "new_energy_generated": 90.0,
    "grid_export": 20.0,
    "load": 200.0,
}


def _direct_connection(**figures: object) -> rules.Pack:
    choice = {"pack": "cn-direct-connection-650", **figures}
    return rules.RuleChoice.model_validate(choice).resolve(2026)


def test_an_unverified_figure_is_named_beside_the_result() -> None:
    """*Proves:* the core indicator of 910, which binds, says that its grid factor is unverified and
    what to confirm. *A wrong answer would be:* a limit of high confidence and not a word.
    """
    pack = rules.RuleChoice.model_validate({"pack": "cn-zero-carbon-park-910", "class": "medium"})
    account = {"new_energy_available": 1.0, "new_energy_generated": 1.0, "load": 1.0}
    carbon = rules.check([pack.resolve(2026)], account)[0]
    assert (carbon.indicator, carbon.confidence) == ("carbon", "unverified")
    assert "grid_factor is unverified: Confirm the kind and year" in carbon.note
    assert "without a factor of the grid there is no core indicator" in carbon.note


def test_the_three_ratios() -> None:
    """Proves: self-use is generated − exported; curtailed energy counts as available.

    Over generation instead of availability, self-use would be 0.778 and export 0.222.
    """
    results = rules.check([_direct_connection(export_max=0.2)], ACCOUNT)
    assert [r.value for r in results] == pytest.approx([0.70, 0.35, 0.20])
    assert [r.met for r in results] == [True, True, True]
    assert [r.margin for r in results] == pytest.approx([0.10, 0.05, 0.0])
    assert all(r.title_en and r.title_zh and r.source and r.confidence for r in results)


def test_the_unconfirmed_export_cap_binds_only_where_it_is_written() -> None:
    assert [r.binding for r in rules.check([_direct_connection()], ACCOUNT)] == [True, True, False]
    written = rules.check([_direct_connection(export_max=0.1)], ACCOUNT)[2]
    assert (written.binding, written.limit, written.met) == (True, 0.1, False)
    assert written.confidence == "medium"
    assert written.source.count("set by the plant file") == 1


def test_no_reverse_feed_is_an_export_of_nothing() -> None:
    """Proves: export_max 0 forbids export, yet not the rounding of a solver."""
    pack = _direct_connection(export_max=0)
    for export, met in ((0.0, True), (1e-5, True), (0.1, False)):
        account = {**ACCOUNT, "grid_export": export}
        assert rules.check([pack], account)[2].met is met


def test_what_is_not_measured_is_not_judged() -> None:
    """Proves: a missing quantity is neither kept nor broken, and is named."""
    choice = {"pack": "cn-zero-carbon-park-910", "class": "medium"}
    pack = rules.RuleChoice.model_validate({**choice, "given": {"solid_waste": 10.0}}).resolve(2026)
    results = {r.indicator: r for r in rules.check([pack], ACCOUNT)}
    waste = results["solid_waste"]
    assert (waste.value, waste.met, waste.missing) == (None, None, "solid_waste_used")
    assert results["carbon"].met is True


def test_nothing_consumed_has_no_ratio() -> None:
    account = dict.fromkeys(ACCOUNT, 0.0)
    assert [(r.value, r.met) for r in rules.check([_direct_connection()], account)] == [
        (None, True)
    ] * 3


def test_names_that_are_no_quantities_are_refused() -> None:
    with pytest.raises(InputError, match="'loads' is no quantity of the energy account"):
        rules.check([_direct_connection()], {"loads": 1.0})


def test_given_quantities_are_per_year() -> None:
    """Proves: over two years, twice the certificates of a year stand beside twice the load."""
    choice = {"pack": "cn-chongqing-rps-669", "given": {"certificates": 50.0}}
    pack = rules.RuleChoice.model_validate(choice).resolve(2026)
    twice = {name: 2 * value for name, value in ACCOUNT.items()}
    one, two = rules.check([pack], ACCOUNT), rules.check([pack], twice, years=2.0)
    assert [r.value for r in one] == pytest.approx([r.value for r in two])
    assert one[0].value == pytest.approx((90 - 20 + 50) / 200)


# Below a watt-hour nothing is metered, and the tolerance of verdicts is absolute.
positive = st.just(0.0) | st.floats(1e-6, 1e6)


@given(st.fixed_dictionaries(dict.fromkeys(ACCOUNT, positive)), st.floats(0.1, 10.0))
def test_ratios_do_not_depend_on_the_unit(account: dict[str, float], scale: float) -> None:
    """Proves: every direct-connection test is a pure ratio, and margin and verdict agree."""
    pack = _direct_connection(export_max=0.2)
    scaled = {name: value * scale for name, value in account.items()}
    pairs = zip(rules.check([pack], account), rules.check([pack], scaled), strict=True)
    for one, other in pairs:
        if one.value is None or one.margin is None:
            continue
        assert other.value == pytest.approx(one.value, rel=1e-9, abs=1e-12)
        if abs(one.margin) > 2e-6:
            assert one.met is (one.margin > 0)
