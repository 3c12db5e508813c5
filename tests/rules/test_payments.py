"""Fees and payments against figures that were published or worked out elsewhere."""

from __future__ import annotations

import pytest

from zeroplant import rules
from zeroplant.errors import InputError
from zeroplant.rules.payments import reliable_share

KW = 1000.0  # money/MW to money/kW


def test_gansu_2026() -> None:
    """Proves: 330 × 0.8953 × 0.475 × (1 − 0.0174) = 137.9 yuan/kW·a, as published.

    Without the auxiliary rate it would be 140.3, by duration (a 2 h battery) 96.8.
    """
    payment = rules.load("cn-gansu-capacity-price-2026").fee()
    assert payment / KW == pytest.approx(137.9, abs=0.05)


@pytest.mark.parametrize(("peak", "paid"), [(4, 82.5), (6, 55.0), (10, 33.0)])
def test_a_two_hour_battery_at_165(peak: float, paid: float) -> None:
    """Proves: paid capacity is discharge hours over peak hours."""
    pack = rules.load("cn-capacity-price-114")
    fee = pack.fee(coal_capacity_price=165 * KW, discharge_hours=2, peak_hours=peak)
    assert fee / KW == pytest.approx(paid, rel=1e-12)


@pytest.mark.parametrize(("province", "paid"), [("hebei", 82.5), ("hubei", 33.0)])
def test_provinces_bring_their_own_peak(province: str, paid: float) -> None:
    pack = rules.load(f"cn-{province}-capacity-price")
    assert pack.fee(discharge_hours=2) / KW == pytest.approx(paid, rel=1e-12)


def test_capacity_fee_of_document_1192() -> None:
    """Proves: 0.15 yuan/kWh × 0.6 × 730 h = 65.7 yuan/kVA·month, on top of a capacity charge."""
    pack = rules.load("cn-nearby-consumption-1192")
    assert pack.fee(volumetric_price=150, load_factor=0.6) / KW == pytest.approx(65.7, rel=1e-12)
    both = pack.fee(volumetric_price=150, load_factor=0.6, capacity_charge=32 * KW)
    assert both / KW == pytest.approx(97.7, rel=1e-12)


@pytest.mark.parametrize(
    ("project_class", "low", "high"), [("medium", 0.042, 0.046), ("large", 0.063, 0.069)]
)
def test_grid_share_of_an_all_electric_park(project_class: str, low: float, high: float) -> None:
    """Proves: the core indicator leaves 4.2–4.6 % (6.3–6.9 %) of un-greened grid power."""
    choice = {"pack": "cn-zero-carbon-park-910", "class": project_class}
    pack = rules.RuleChoice.model_validate(choice).resolve(2026)
    shares = [pack.amount("ungreened_share", grid_factor=f) for f in (0.5856, 0.5306)]
    assert [round(share, 3) for share in shares] == [low, high]
    share = pack.amount("ungreened_share")
    for step, met in ((0.999, True), (1.001, False)):
        load = 1e6
        grid = share * step * load
        account = {
            "load": load,
            "grid_import": grid,
            "new_energy_generated": load - grid,
            "new_energy_available": load - grid,
        }
        carbon = rules.check([pack], account)[0]
        assert (carbon.indicator, carbon.met) == ("carbon", met)


def test_reliable_share_ends_at_one() -> None:
    assert [reliable_share(hours, 4) for hours in (0, 1, 4, 9)] == [0, 0.25, 1, 1]
    with pytest.raises(ValueError, match="longer than zero"):
        reliable_share(2, 0)


def test_missing_and_unknown_inputs_are_named_together() -> None:
    pack = rules.load("cn-nearby-consumption-1192")
    with pytest.raises(InputError) as caught:
        pack.fee(volumetric_price=150, loadfactor=0.6)
    text = str(caught.value)
    assert "'loadfactor' is no input of fee" in text
    assert "fee needs load_factor" in text
    with pytest.raises(InputError, match="sets no fee"):
        rules.load("cn-direct-connection-650").fee()
