"""Everything the plant file says about each asset, with units, and where series come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from zeroplant.axis import Axis
from zeroplant.plan.report.facts.fields import field_name
from zeroplant.plan.report.figures import number, quantity, unit_name
from zeroplant.plan.report.names import option
from zeroplant.plan.report.text import Text, same
from zeroplant.series import ByChain, Profile
from zeroplant.units import SizeRange


@dataclass(frozen=True)
class Assumption:
    """One parameter: its key in the plant file, its name, its value, and where a series is from.

    ``origin`` is empty for plain figures.
    """

    key: str
    name: Text
    value: Text
    origin: Text


MEASURED = Text("measured or modelled elsewhere", "实测或外部数据")
GENERATED = Text("generated, not measured", "模拟生成（非实测）")
TARIFF = Text("tariff table", "分时价目表")
BY_SCENARIO = Text("differs between scenarios", "随情景而异")
GIVEN = Text("given from Python", "由程序给定")
_ORIGINS = {"FileSeries": MEASURED, "Generated": GENERATED, "TimeOfUse": TARIFF, "Given": GIVEN}
_PLAIN = {"kind", "name"}
_WEATHER = {"climate": GENERATED, "weather.file": MEASURED}
_SHARES = re.compile(
    r"(rate|inflation|share|efficiency|losses|wake|outage|electrical|round_trip|residual|cap"
    r"|soc_min|soc_max|bifacial_gain|self_discharge)$|^escalation\."
)
"""Parameters read as percentages."""
_WORDS = {True: Text("yes", "是"), False: Text("no", "否")}


def assumptions(asset: Any, axis: Axis, currency: str) -> list[Assumption]:
    """Every parameter of an asset that is set, in the order of its fields."""
    own = getattr(type(asset), "chinese", {})
    return list(_of(asset, axis, currency, own)) if isinstance(asset, BaseModel) else []


def kind_title(asset: Any) -> Text:
    """What kind of asset it is."""
    title = getattr(type(asset), "title", None)
    return Text(*title) if title else same(str(getattr(asset, "kind", "")))


def _of(
    model: BaseModel, axis: Axis, currency: str, own: Mapping[str, str], prefix: str = ""
) -> Iterator[Assumption]:
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        if value is None or key in _PLAIN:
            continue
        path = f"{prefix}{field.alias or key}"
        if isinstance(value, BaseModel):
            yield from _of(value, axis, currency, own, f"{path}.")
            continue
        unit = unit_of(field)
        name = field_name(path, own)
        if isinstance(value, Profile):
            yield Assumption(path, name, _profile(value, axis, unit, currency), _origin(value))
        else:
            share = unit in ("", "1") and _SHARES.search(path) is not None
            shown = same(_share(value)) if share and isinstance(value, float) else None
            origin = _WEATHER.get(path, same(""))
            yield Assumption(path, name, shown or _shown(value, unit, currency), origin)


def unit_of(field: FieldInfo) -> str:
    """Inside unit of a field, found in its annotation; empty where it has none."""
    marks = [*field.metadata, *_marks(field.annotation)]
    return next((mark.unit for mark in marks if hasattr(mark, "unit")), "")


def _marks(annotation: object) -> Iterator[Any]:
    for part in get_args(annotation):
        yield part
        yield from _marks(part)


def _shown(value: Any, unit: str, currency: str) -> Text:
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, SizeRange):
        return _range(value, unit)
    if isinstance(value, int):
        return same(str(value))
    if isinstance(value, float):
        return same(_figure(value, unit, currency))
    if isinstance(value, (list, tuple, dict)) and any(map(_composed, _members(value))):
        return Text(f"{len(value)} entries", f"{len(value)} 项")
    if isinstance(value, (list, tuple)):
        shown = ", ".join(str(part) for part in value[:12])
        return same(shown + (" …" if len(value) > 12 else ""))
    return option(str(value))


def _members(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)


def _composed(member: Any) -> bool:
    """Whether a member of a list says more than a cell can hold."""
    return isinstance(member, (BaseModel, dict))


def _figure(value: float, unit: str, currency: str) -> str:
    if unit == "1/a":
        return f"{number(value * 100)} %/a"
    return f"{number(value, 4)} {unit_name(unit, currency)}".rstrip()


def _share(value: float) -> str:
    return f"{number(value * 100, 4)} %"


def _range(value: SizeRange, unit: str) -> Text:
    low, high = number(value.min, 4), number(value.max, 4) if value.max < 1e15 else "∞"
    step = "" if value.step is None else f" / {quantity(value.step, unit, 4)}"
    bounds = f"{low} … {high} {unit_name(unit)}{step}"
    return Text(f"chosen from {bounds}", f"优化选取 {bounds}")


def _profile(value: Profile, axis: Axis, unit: str, currency: str) -> Text:
    """A constant, or mean and range of a series."""
    if value.constant is not None:
        return same(_figure(value.constant, unit, currency))
    if value.problems(axis):
        return Text("series", "时间序列")
    values = value.on(axis)
    mean = _figure(float(axis.weight @ values / axis.weight.sum()), unit, currency)
    low, high = number(float(values.min())), number(float(values.max()))
    return Text(f"mean {mean} ({low} … {high})", f"平均 {mean}（{low} … {high}）")


def _origin(value: Profile) -> Text:
    if isinstance(value, ByChain):
        return BY_SCENARIO if value.common is None else _origin(value.common)
    kind = _ORIGINS.get(type(value).__name__, same(""))
    label = next(
        (str(getattr(value, key)) for key in ("file", "path", "name") if hasattr(value, key)), ""
    )
    return Text(f"{kind.en}: {label}", f"{kind.zh}：{label}") if label else kind
