"""Ripple of wind and sun: where the physics says there is none, there is none."""

from __future__ import annotations

import numpy as np
import pytest

from zeroplant.assets.wind import Wind
from zeroplant.twin.plant import Twin
from zeroplant.twin.prepare import Prepared
from zeroplant.twin.ripple import PER_METRE, clouds, gusts, ripple_of

CURVE = [(3.0, 0.0), (12.0, 0.9), (13.0, 1.0), (25.0, 1.0)]


def farm(rating: float) -> Wind:
    return Wind.model_validate(
        {"kind": "wind", "at": "yard", "power": f"{rating} MW", "turbine": CURVE, "wake": 0,
         "outage": 0, "electrical": 0}
    )  # fmt: skip


def test_gusts_go_through_the_slope_of_the_power_curve() -> None:
    """Halfway up a curve of 0.1 per m/s: 0.1·0.10·7.5 m/s of the rating, over √n."""
    one, many = (gusts(np.array([0.0, 0.45 * r, r]), r, farm(r)) for r in (5.0, 500.0))
    sigma = 0.10 * 7.5
    np.testing.assert_allclose(one, [0.0, 5.0 * 0.1 * sigma, 0.0], rtol=1e-9)
    np.testing.assert_allclose(many, [0.0, 500.0 * 0.1 * sigma / 10.0, 0.0], rtol=1e-9)


def test_clouds_ripple_where_the_sky_is_broken() -> None:
    steady = np.array([clouds(np.full(48, k), 0.25)[24] for k in (0.0, 0.3, 0.67, 0.9, 1.0)])
    assert steady[[0, 4]] == pytest.approx([0.0, 0.0])
    assert steady[2] == pytest.approx(0.87 * 0.67 * 0.33)
    changing = np.where(np.arange(48) // 4 % 2, 0.9, 0.5)
    assert clouds(changing, 0.25)[24] > 2.0 * clouds(np.full(48, 0.5), 0.25)[24] * 0.75


def test_a_plant_ripples_as_its_sites_say(county: Prepared) -> None:
    """A large plant is slower than a cloud; the twin's power has the deviation it was given."""
    truth = county.truth
    twin = Twin(truth, seed=3, step=4.0)
    found = ripple_of(truth, twin.physics)
    network = truth.network
    sun, wind = (network.flow_named(f"{name}.output").index for name in ("sun", "wind"))
    assert found.memory[1, sun] == pytest.approx(PER_METRE * np.sqrt(15_000.0 * 280.0))
    night = twin.physics.most[:, sun] == 0.0
    assert night.any()
    assert (found.deviation[night, sun] == 0.0).all()
    assert found.deviation[:, sun].max() > 0.0
    rated = twin.physics.most[:, wind] >= 0.999 * twin.physics.most[:, wind].max()
    assert (found.deviation[~rated, wind] >= 0.0).all()
    assert found.deviation[:, wind].max() < 0.1 * 150.0
