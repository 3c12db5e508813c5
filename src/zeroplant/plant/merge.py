"""Plants that differ in series and weather, put together as one plant of many chains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from zeroplant.axis import Axis
from zeroplant.errors import InputError, Problem
from zeroplant.plant.schema import Plant
from zeroplant.plant.site import SitePlace
from zeroplant.series import ByChain, Profile, TimeOfUse
from zeroplant.weather.climate import climate

Loc = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

ONLY_SERIES = (
    "only series (prices, loads, inflow, traffic) and weather can differ between scenarios, "
    "which share sizes and devices"
)
PLACE = ("latitude", "longitude", "altitude")


class DifferenceError(InputError):
    """Something that cannot differ between scenarios; ``found`` says in which, and where."""

    def __init__(self, found: list[tuple[str, Loc, Problem]]) -> None:
        self.found = found
        super().__init__(
            problem.at(where=f"scenarios.{name}: {'.'.join(map(str, loc))}")
            for name, loc, problem in found
        )


def merged(base: Plant, scenarios: Mapping[str, Plant]) -> Plant:
    """The plant ``base`` with the series and the weather of each of its scenarios.

    ``base.scenarios`` names the same scenarios in the same order; each plant is what `base` is in
    one of them. Raises DifferenceError, with every entry that is neither a series nor weather and
    is not as in ``base``.
    """
    merger = _Merger(list(scenarios), base.time.axis)
    plants = list(scenarios.values())
    places: dict[str, tuple[SitePlace, ...]] = {}
    for name, site in base.sites.items():
        others = [plant.sites.get(name) or site for plant in plants]
        merger.compare_places(site, others, ("sites", name))
        places[name] = tuple(others)
    bare = {"sites": base.sites, "scenarios": {}, "risk": None}
    alike = [plant.model_copy(update=bare) for plant in plants]
    for number, plant in enumerate(plants):
        if plant.sites.keys() != base.sites.keys():
            merger.differs(number, ("sites",))
    whole = merger.model(base.model_copy(update=bare), alike, ())
    if merger.found:
        raise DifferenceError(merger.found)
    result = whole.model_copy(update={"scenarios": base.scenarios, "risk": base.risk})
    return result.in_scenarios(places)


class _Merger:
    """Walks through all plants at once and remembers where they differ."""

    def __init__(self, names: list[str], of_one: Axis) -> None:
        self.names, self.of_one = names, of_one
        self.found: list[tuple[str, Loc, Problem]] = []

    def differs(self, scenario: int, loc: Loc) -> None:
        """Remember that an entry is another one in a scenario."""
        instead = "change a series such as assets.grid.import_price, or compare plants by a sweep"
        self.found.append((self.names[scenario], loc, Problem(ONLY_SERIES, instead=instead)))

    def value(self, base: Any, others: Sequence[Any], loc: Loc) -> Any:
        """One value for all scenarios: ``base`` itself where nothing in it varies with them."""
        if isinstance(base, Profile) and all(isinstance(each, Profile) for each in others):
            return self._profile(base, others)
        strange = [n for n, each in enumerate(others) if type(each) is not type(base)]
        if not strange and isinstance(base, BaseModel):
            return self.model(base, others, loc)
        if not strange and isinstance(base, (list, tuple)):
            return self._list(base, others, loc)
        if not strange and isinstance(base, dict):
            return self._mapping(base, others, loc)
        for number, each in enumerate(others):
            if number in strange or not _same(base, each):
                self.differs(number, loc)
        return base

    def model(self, base: Model, others: Sequence[Model], loc: Loc) -> Model:
        """A section, in which some fields may be series."""
        update = {}
        for name, field in type(base).model_fields.items():
            mine, theirs = getattr(base, name), [getattr(each, name) for each in others]
            value = self.value(mine, theirs, (*loc, field.alias or name))
            if value is not mine:
                update[name] = value
        if base.model_extra is not None:  # keys that a rule pack knows by itself
            self.value(base.model_extra, [each.model_extra for each in others], loc)
        return base.model_copy(update=update) if update else base

    def _list(self, base: Any, others: Sequence[Any], loc: Loc) -> Any:
        fit = [len(each) == len(base) for each in others]
        if not all(fit):
            for number in (n for n, fits in enumerate(fit) if not fits):
                self.differs(number, loc)
            return base
        members = [
            self.value(mine, [each[n] for each in others], (*loc, n)) for n, mine in enumerate(base)
        ]
        same = all(mine is member for mine, member in zip(base, members, strict=True))
        return base if same else type(base)(members)

    def _mapping(self, base: dict[Any, Any], others: Sequence[dict[Any, Any]], loc: Loc) -> Any:
        for number, each in enumerate(others):
            for key in dict.fromkeys((*base, *each)):
                if (key in base) != (key in each):
                    self.differs(number, (*loc, key))
        keys = [key for key in base if all(key in each for each in others)]
        members = {
            key: self.value(base[key], [each[key] for each in others], (*loc, key)) for key in keys
        }
        same = len(keys) == len(base) and all(base[key] is members[key] for key in keys)
        return base if same else {**base, **members}

    def _profile(self, base: Profile, others: Sequence[Profile]) -> Profile:
        """The scenarios' own series; one that does not vary with chains stands for all of them."""
        said = base.plain()
        parts = tuple(base if _same(each.plain(), said) else each for each in others)
        if all(part is base for part in parts) and (
            base.constant is not None or isinstance(base, TimeOfUse)
        ):
            return base
        return ByChain(parts, self.of_one)

    def compare_places(self, base: SitePlace, others: Sequence[SitePlace], loc: Loc) -> None:
        """The weather of a site may differ, but not where it lies."""
        for number, each in enumerate(others):
            for key in PLACE:
                if getattr(each, key) != getattr(base, key):
                    self.differs(number, (*loc, key))
            for key in _elsewhere(base, each):
                what = f"'{each.climate}' lies elsewhere than '{base.climate}'"
                instead = f"write the {key} of the site"
                place = (*loc, "climate")
                self.found.append((self.names[number], place, Problem(what, instead=instead)))
                break


def _elsewhere(base: SitePlace, other: SitePlace) -> Iterator[str]:
    """What the site takes from its climate, where that of a scenario lies elsewhere."""
    if base.climate is None or other.climate is None:
        return  # a weather file makes the site say where it lies
    here, there = climate(base.climate), climate(other.climate)
    for key in PLACE:
        if getattr(base, key) is None and getattr(here, key) != getattr(there, key):
            yield key


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except ValueError:  # arrays, as only Python hands over
        return False
