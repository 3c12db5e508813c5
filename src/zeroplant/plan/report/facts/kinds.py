"""What flows of electricity are, for a reader: kinds with a name, a colour and a side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zeroplant.plan.report.text import Text
from zeroplant.waist import Flow

Side = Literal["supply", "use"]


@dataclass(frozen=True)
class Kind:
    """One kind of supply or use; ``key`` names its colour in the style sheet."""

    key: str
    name: Text
    side: Side


KINDS: tuple[Kind, ...] = (
    Kind("hydro", Text("Hydro", "水电"), "supply"),
    Kind("other", Text("Other generation", "其他发电"), "supply"),
    Kind("wind", Text("Wind", "风电"), "supply"),
    Kind("solar", Text("Solar", "光伏"), "supply"),
    Kind("discharge", Text("Storage discharge", "储能放电"), "supply"),
    Kind("shift", Text("Load shifted or interrupted", "可调负荷响应"), "supply"),
    Kind("import", Text("Grid import", "下网"), "supply"),
    Kind("unserved", Text("Unserved", "缺供"), "supply"),
    Kind("load", Text("Load", "负荷"), "use"),
    Kind("caught_up", Text("Load caught up", "补用电量"), "use"),
    Kind("conversion", Text("Conversion", "电能转换"), "use"),
    Kind("charge", Text("Storage charge", "储能充电"), "use"),
    Kind("export", Text("Grid export", "上网"), "use"),
    Kind("losses", Text("Losses and spill", "损耗与弃电"), "use"),
)
"""In the order in which charts stack them, from the axis outwards."""

BY_KEY = {kind.key: kind for kind in KINDS}


def supply_kind(flow: Flow) -> str:
    """Key of the kind of a flow that gives electricity."""
    if flow.role == "generation":
        return next((tag for tag in ("wind", "solar", "hydro") if tag in flow.tags), "other")
    if flow.role == "unserved":
        return "shift" if "agreed" in flow.tags else "unserved"
    if flow.role in ("import", "discharge"):
        return flow.role
    return "other" if flow.role == "conversion" else "shift"


def use_kind(flow: Flow) -> str:
    """Key of the kind of a flow that takes electricity."""
    if flow.role in ("load", "charge", "export", "conversion"):
        return flow.role
    return "losses" if flow.role in ("spill", "transfer") else "caught_up"
