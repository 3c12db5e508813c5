"""The generated profiles a plant file may ask for by name, with their parameters and units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zeroplant.axis import Axis, Floats
from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.series import register
from zeroplant.synthetic.load import industrial_park, service_area, tunnel
from zeroplant.synthetic.price import spot_price
from zeroplant.synthetic.river import river
from zeroplant.units import parse


@dataclass(frozen=True)
class Generated:
    """A generated profile: its function, the unit of its values and those of its parameters.

    Calling it with (axis, seed, parameters) reads the parameters ("50 MW", "90 %", plain numbers
    in the plant's own units, lists of numbers) and gives one value per stage. Raises
    ``InputError`` naming every parameter that is unknown or cannot be read.
    """

    name: str
    function: Callable[..., Floats]
    unit: str
    parameters: Mapping[str, str]

    def __call__(self, axis: Axis, seed: int, parameters: Mapping[str, Any]) -> Floats:
        """Values of every stage."""
        known: dict[str, Any] = {}
        problems = []
        for key, value in parameters.items():
            if key not in self.parameters:
                instead = suggestion(key, self.parameters)
                problems.append(Problem(f"'{self.name}' has no '{key}'", instead=instead))
                continue
            try:
                known[key] = _read(value, self.parameters[key])
            except InputError as error:
                problems += [problem.at(where=key) for problem in error.problems]
        if problems:
            raise InputError(problems)
        return self.function(axis, seed, **known)


def _read(value: object, unit: str) -> float | list[float]:
    """A parameter as a number in the plant's own unit, or a list of them."""
    if isinstance(value, list | tuple):
        return [one for item in value if isinstance(one := _read(item, unit), float)]
    if isinstance(value, str):
        return parse(value, unit)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise InputError(Problem(f"{value!r} is not a number", instead="write a number with its unit"))


_LOAD = {"mean": "MW", "noise": "1"}
_PARK = _LOAD | {"night": "1", "festival": "1"}
_PRICE = dict.fromkeys(("mean", "floor", "cap"), "money/MWh")
_SHARES = dict.fromkeys(("valley", "evening", "noise"), "1")

GENERATED: dict[str, Generated] = {
    one.name: one
    for one in (
        Generated(
            "industrial_park", industrial_park, "MW", _LOAD | {"night": "1", "festival": "1"}
        ),
        Generated("service_area", service_area, "MW", _LOAD | {"holidays": "1"}),
        Generated("tunnel", tunnel, "MW", _LOAD),
        Generated("spot_price", spot_price, "money/MWh", _PRICE | _SHARES),
        Generated(
            "river",
            river,
            "m3/s",
            {
                "mean": "m3/s",
                "months": "1",
                "flood_share": "1",
                "flood_hours": "h",
                "base_days": "1",
                "storm_days": "1",
            },
        ),
    )
}
"""Generated profiles by the name a plant file uses."""


def register_all() -> None:
    """Make every generated profile known to plant files; doing it twice changes nothing."""
    for name, generated in GENERATED.items():
        register(name, generated)
