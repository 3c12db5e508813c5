"""Generated profiles by name, with parameters as a plant file writes them."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from tests.weather.axes import beijing_year
from zeroplant.errors import InputError
from zeroplant.series import Generated, generator_names
from zeroplant.synthetic.catalogue import GENERATED, register_all
from zeroplant.synthetic.load import industrial_park
from zeroplant.synthetic.river import river


@pytest.mark.parametrize("name", GENERATED)
def test_parameters_are_those_of_the_function(name: str) -> None:
    """Proves: the catalogue lists every parameter of its function, and no other."""
    generated = GENERATED[name]
    wanted = set(inspect.signature(generated.function).parameters) - {"axis", "seed"}
    assert set(generated.parameters) == wanted
    assert generated(beijing_year(days=2), 1, {}).shape == (48,)


def test_units_are_read() -> None:
    """Proves: "25000 kW" is 25 MW and "40 %" 0.4, the same as from Python."""
    axis = beijing_year(days=30)
    read = GENERATED["industrial_park"](axis, 1, {"mean": "25000 kW", "festival": "40 %"})
    assert np.allclose(read, industrial_park(axis, 1, mean=25.0, festival=0.4))
    months = GENERATED["river"](axis, 1, {"months": [1] * 12, "mean": "300 m3/s"})
    assert months.shape == (720,)


def test_problems_are_named_together() -> None:
    """Proves: an unknown parameter, a wrong unit and a word for a number are three problems."""
    with pytest.raises(InputError) as caught:
        GENERATED["tunnel"](beijing_year(days=1), 1, {"lamps": 3, "mean": "5 m3/s", "noise": True})
    assert len(caught.value.problems) == 3


def test_plant_files_know_them() -> None:
    """Proves: after registering, ``{generated: river}`` gives the river; twice is as once."""
    register_all()
    register_all()
    assert set(GENERATED) <= set(generator_names())
    axis = beijing_year(days=3)
    profile = Generated("river", 4, {"mean": "300 m3/s"})
    assert np.array_equal(profile.on(axis), river(axis, 4, mean=300.0))
