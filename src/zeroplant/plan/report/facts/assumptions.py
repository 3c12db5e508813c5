"""Everything the plant file says about each asset, with units, and where series come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from zeroplant.axis import Axis
from zeroplant.plan.report.facts.fields import field_name, is_named
from zeroplant.plan.report.figures import number, quantity, unit_text
from zeroplant.plan.report.names import option
from zeroplant.plan.report.text import Text, same
from zeroplant.rules import load
from zeroplant.rules.factors import PACK
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
MOST_MEMBERS = 60
"""Members of a list or table of sections that are told; longer ones are known from the file."""
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
        name = field_name(path, own)
        if _is_table(value):
            for label, member in list(_named(value))[:MOST_MEMBERS]:
                said = _entry(member, axis, currency, own, path)
                yield Assumption(
                    f"{path}.{label}", same(f"{{}} {label}").format(name), said, same("")
                )
            more = len(value) - MOST_MEMBERS
            if more > 0:
                yield Assumption(path, name, Text(f"{more} more", f"另有 {more} 项"), same(""))
            continue
        origin = _origin(value) if isinstance(value, Profile) else _WEATHER.get(path, same(""))
        yield Assumption(path, name, _value(value, field, axis, currency, path), origin)


def _value(value: Any, field: FieldInfo, axis: Axis, currency: str, path: str) -> Text:
    """A parameter as it is read: with its unit, a share in percent, a series by mean and range."""
    unit = unit_of(field)
    if isinstance(value, Profile):
        return _profile(value, axis, unit, currency)
    if path == "region":
        return Text(str(value), load(PACK).regions.get(str(value), str(value)))
    if unit in ("", "1") and isinstance(value, float) and _SHARES.search(path):
        return same(_share(value))
    return _shown(value, unit, currency)


def _entry(member: Any, axis: Axis, currency: str, own: Mapping[str, str], path: str) -> Text:
    """A member of a list or table of sections, in one line: what is written of it."""
    if not isinstance(member, BaseModel):
        return _shown(member, "", currency)
    said = []
    for key, field in type(member).model_fields.items():
        value = getattr(member, key)
        if key not in member.model_fields_set or value is None:
            continue
        inner = f"{path}.{field.alias or key}"
        plain = field.alias or key
        known = inner if is_named(inner, own) else plain
        name = Text(plain.replace("_", " "), field_name(known, own).zh)
        if isinstance(value, BaseModel):
            value = _entry(value, axis, currency, own, inner)
        else:
            value = _value(value, field, axis, currency, inner)
        said.append(Text("{}: {}", "{}：{}").format(name, value))
    return Text("; ".join(each.en for each in said), "；".join(each.zh for each in said))


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
        return _figure(value, unit, currency)
    if isinstance(value, (list, tuple, dict)) and (
        _is_table(value) or any(isinstance(member, dict) for _, member in _named(value))
    ):
        return Text(f"{len(value)} entries", f"{len(value)} 项")
    if isinstance(value, dict):
        said = [Text(f"{each.en}: {value[key]}", f"{each.zh}: {value[key]}")
                for key in value for each in [option(str(key))]]  # fmt: skip
        return Text(", ".join(each.en for each in said), ", ".join(each.zh for each in said))
    if isinstance(value, (list, tuple)):
        shown = ", ".join(str(part) for part in value[:12])
        return same(shown + (" …" if len(value) > 12 else ""))
    return option(str(value))


def _is_table(value: Any) -> bool:
    """Whether a value is a list or mapping of sections."""
    return isinstance(value, (list, tuple, dict)) and any(
        isinstance(member, BaseModel) for _, member in _named(value)
    )


def _named(value: Any) -> Iterator[tuple[Any, Any]]:
    """Members with their names, or their numbers from 0 as `--set` counts them."""
    return iter(value.items()) if isinstance(value, dict) else enumerate(value)


def _figure(value: float, unit: str, currency: str) -> Text:
    if unit == "1/a":
        return same(f"{number(value * 100)} %/a")
    shown, named = number(value, 4), unit_text(unit, currency)
    return Text(f"{shown} {named.en}".rstrip(), f"{shown} {named.zh}".rstrip())


def _share(value: float) -> str:
    return f"{number(value * 100, 4)} %"


def _range(value: SizeRange, unit: str) -> Text:
    low, high = number(value.min, 4), number(value.max, 4) if value.max < 1e15 else "∞"
    step = same("" if value.step is None else " / {}").format(quantity(value.step, unit, 4))
    bounds = same(f"{low} … {high} {{}}{{}}").format(unit_text(unit), step)
    return Text("chosen from {}", "优化选取 {}").format(bounds)


def _profile(value: Profile, axis: Axis, unit: str, currency: str) -> Text:
    """A constant, or mean and range of a series."""
    if value.constant is not None:
        return _figure(value.constant, unit, currency)
    if value.problems(axis):
        return Text("series", "时间序列")
    values = value.on(axis)
    mean = _figure(float(axis.weight @ values / axis.weight.sum()), unit, currency)
    low, high = number(float(values.min())), number(float(values.max()))
    return Text(f"mean {mean.en} ({low} … {high})", f"平均 {mean.zh}（{low} … {high}）")


def _origin(value: Profile) -> Text:
    if isinstance(value, ByChain):
        return BY_SCENARIO if value.common is None else _origin(value.common)
    kind = _ORIGINS.get(type(value).__name__, same(""))
    label = next(
        (str(getattr(value, key)) for key in ("file", "path", "name") if hasattr(value, key)), ""
    )
    return Text("{}: {}", "{}：{}").format(kind, option(label)) if label else kind
