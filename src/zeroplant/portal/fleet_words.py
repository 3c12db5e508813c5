"""What is said of each kind of fleet: which of its points, in which order, and by which words.

A stem stands for all points called by it and a number or a family (``charge 1``, ``swaps qiji``),
which count together.
"""

from __future__ import annotations

from collections.abc import Mapping

from zeroplant.plan.report.text import Text

Stems = Mapping[str, Text]

FIGURES: Mapping[str, Stems] = {
    "home_fleet": {
        "load": Text("the homes use", "居民用电"),
        "air conditioning": Text("air conditioners draw", "空调用电"),
        "car charging": Text("cars charge", "车辆充电"),
        "charge": Text("batteries charge", "电池充电"),
        "discharge": Text("batteries give", "电池放电"),
        "batteries": Text("in the batteries", "电池储量"),
        "cars": Text("in the cars, for the next trips", "车辆电量（备行驶）"),
        "roof output": Text("roofs give", "屋顶出力"),
        "reduced": Text("reduced on request", "响应削减"),
        "unserved": Text("not served", "缺供"),
    },
    "charger_hub": {
        "charge": Text("chargers draw", "充电功率"),
        "plugged": Text("charges at once", "即充功率"),
        "smart": Text("charges when told", "有序充电功率"),
        "fed back": Text("cars give back", "车辆反送"),
        "waiting": Text("still to be charged", "待充电量"),
        "ahead": Text("charged ahead of need", "提前充入电量"),
        "uncharged": Text("not charged", "未能充电"),
    },
    "service_area": {
        "charge": Text("chargers draw", "充电功率"),
        "plugged": Text("into cars", "充入车辆"),
        "uncharged": Text("not charged", "未能充电"),
        "buildings": Text("buildings use", "建筑用电"),
    },
    "swap_station": {
        "trucks": Text("trucks come", "到站车辆"),
        "swaps": Text("swaps", "换电"),
        "waiting": Text("trucks in the queue", "排队车辆"),
        "turned away": Text("trucks turned away", "拒绝车辆"),
        "missing spare": Text("packs short of the spare", "备用电池缺额"),
    },
    "box_port": {
        "charge": Text("slots charge", "充电功率"),
        "give back": Text("slots give back", "反送功率"),
        "full boxes": Text("full boxes", "满电箱"),
        "boxes owed": Text("boxes that ships wait for", "船舶待换箱"),
        "exchanged": Text("boxes exchanged", "换箱"),
        "not served": Text("boxes not exchanged", "未能换箱"),
    },
    "shore_power": {
        "load": Text("ships draw", "船舶用电"),
        "own engines": Text("ships run their own engines", "船舶自备发电"),
    },
}
"""Kinds that are not here tell all their points by their own names."""

SIZES: Mapping[str, tuple[str, ...]] = {
    "home_fleet": ("homes", "batteries.share", "roofs.share", "cars.share", "rooms.share"),
    "village": ("households",),
    "charger_hub": ("plugs", "charger_power", "power"),
    "service_area": ("chargers.power",),
    "swap_station": ("lanes", "chargers", "charger_power"),
    "road": (),
    "box_port": ("boxes", "slots", "slot_power"),
    "ship_line": ("ships", "per_week"),
    "shore_power": ("berths",),
}
"""Kinds that are fleets, and what of the plant file says how large they are."""

UNHEARD: Mapping[str, str] = {
    "home_fleet": "single homes",
    "village": "single homes",
    "charger_hub": "single plugs",
    "service_area": "single plugs",
    "swap_station": "single slots",
    "road": "single trucks",
    "box_port": "single boxes",
    "ship_line": "single ships",
    "shore_power": "single berths",
}
"""Phrase for what no point of a kind tells."""
