"""Names that the program gives to flows, capacities and ledger lines, in both languages.

Assets are called as their owner called them; what stands after the dot, and what a ledger line is
for, are the program's own words.
"""

from __future__ import annotations

from zeroplant.assets import chinese
from zeroplant.plan.report.text import Text, same

_PARTS = {
    "output": "出力",
    "power": "功率",
    "energy": "容量",
    "charge": "充电",
    "discharge": "放电",
    "load": "负荷",
    "unserved": "缺供",
    "interrupted": "中断负荷",
    "deferred": "推迟负荷",
    "caught up": "补用负荷",
    "import": "下网",
    "export": "上网",
    "connection": "并网容量",
    "forth": "正向输送",
    "back": "反向输送",
    "level": "储量",
    "spill": "弃水",
    "spilled": "弃水",
    "turbined": "发电引水",
    "inflow": "来水",
    "water": "水",
    "gross power": "毛出力",
    "monthly peak": "月最大需量",
    "breach": "违反量",
}
_PHRASES = {
    "wind power": "风电",
    "solar power": "光伏",
    "hydro power": "水电",
    "battery energy": "储能容量",
    "battery power": "储能功率",
    "grid connection": "并网设施",
    "line": "线路",
    "energy bought": "购电",
    "energy sold": "售电",
    "energy exported": "上网售电",
    "capacity charge": "容量电费",
    "capacity payment": "容量补偿",
    "demand charge": "需量电费",
    "emissions of imported power": "下网电量碳排放",
    "unserved energy": "缺供电量",
    "interruption": "中断补偿",
    "electricity": "电",
    "heat": "热",
    "hp steam": "高压蒸汽",
    "lp steam": "低压蒸汽",
    "hot water": "热水",
    "chilled water": "冷冻水",
    "hydrogen": "氢气",
    "gas": "燃气",
    "biomass": "生物质",
    "coal": "煤",
    "diesel": "柴油",
    "ammonia": "氨",
    "methanol": "甲醇",
    "co2": "二氧化碳",
    "water": "水",
}
_PATTERNS = (
    ("annuity of ", "{}年金"),
    ("upkeep of ", "{}固定运维"),
    ("running ", "{}变动成本"),
    ("breach of ", "违反：{}"),
)
_OPTIONS = {
    "none": ("none", "无"),
    "low_wind": ("low-wind turbine", "低风速机型"),
    "medium_wind": ("medium-wind turbine", "中风速机型"),
    "high_wind": ("high-wind turbine", "高风速机型"),
    "open_rack": ("open rack", "支架"),
    "roof": ("roof", "屋顶"),
    "facade": ("façade", "立面"),
    "single_axis": ("single axis", "单轴跟踪"),
    "nominal": ("nominal", "名义"),
    "real": ("real", "实际"),
    "standard": ("standard", "标准"),
    "western": ("western regions", "西部大开发"),
    "high-tech": ("high-tech enterprise", "高新技术企业"),
    "city": ("city", "市区"),
    "county": ("county", "县镇"),
    "other": ("other", "其他"),
    "level": ("level payment", "等额本息"),
    "equal principal": ("equal principal", "等额本金"),
    "sculpted": ("sculpted", "按现金流"),
    "before tax": ("before tax", "税前"),
    "after tax": ("after tax", "税后"),
}


def part(name: str) -> Text:
    """A flow, store or capacity: "battery.charge" → battery charge, battery 充电."""
    who, dot, what = name.partition(".")
    if not dot:
        return phrase(name)
    return Text(f"{who} {what}", f"{who} {_PARTS.get(what) or chinese().get(what, what)}")


def phrase(what: str) -> Text:
    """What a ledger line is for."""
    if what in _PHRASES:
        return Text(what, _PHRASES[what])
    if what in chinese():
        return Text(what, chinese()[what])
    for start, pattern in _PATTERNS:
        if what.startswith(start):
            rest = part(what.removeprefix(start))
            if start == "running ":
                # Who runs stands beside it: "running wind.output" is the running cost of output.
                rest = part(f".{what.rpartition('.')[2]}") if "." in what else rest
                return Text(f"running cost of {rest.en.strip()}", f"{rest.zh.strip()}变动成本")
            return Text(f"{start}{rest.en}", pattern.format(rest.zh))
    return part(what) if "." in what else same(what)


def option(value: str) -> Text:
    """A choice among words, such as a way of mounting."""
    return Text(*_OPTIONS[value]) if value in _OPTIONS else same(value)
