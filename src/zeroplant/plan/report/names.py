"""Names that the program gives to flows, capacities and ledger lines, in both languages.

Assets are called as their owner called them; what stands after the dot, and what a ledger line is
for, are the program's own words. A kind brings words of its own (`Asset.chinese`), and the same
word may mean something else in another kind: "charge 1" of boxes, "charge 1" of home batteries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from zeroplant.assets import Asset, chinese, kinds
from zeroplant.assets.kinds import agreed
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
    "green import": "绿电下网",
    "backlog": "待补用负荷",
    "deferred so far": "累计推迟负荷",
    "energy of the inflow": "来水能量",
    "energy not used": "未利用能量",
    "energy held": "库存能量",
    "electricity used": "用电",
    "paid capacity": "补偿容量",
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
    "deferral": "平移补偿",
    "green power premium": "绿电溢价",
    "grid fee by capacity": "按容量缴纳的输配电费",
    "electricity": "电",
    "charging": "充电",
    "heat": "热",
    "waste heat": "余热",
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
    "dlt645": ("DL/T 645", "DL/T 645 电表"),
    "industrial_park": ("industrial park", "工业园区"),
    "service_area": ("service area", "服务区"),
    "tunnel": ("tunnel", "隧道"),
    "river": ("river", "河流"),
    "spot_price": ("spot price", "现货电价"),
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
    "alkaline": ("alkaline", "碱性"),
    "pem": ("PEM", "质子交换膜"),
    "ammonia": ("ammonia", "氨"),
    "methanol": ("methanol", "甲醇"),
    "coal": ("coal", "煤"),
    "diesel": ("diesel", "柴油"),
    "gas": ("gas", "燃气"),
    "solid waste": ("solid waste", "固体废物"),
    "material": ("material", "物料"),
    "water": ("water", "水"),
    "at_once": ("at once", "即插即充"),
    "smart": ("smart", "有序充电"),
    "inner": ("inner", "内逼近"),
    "outer": ("outer", "外逼近"),
    "anthracite": ("anthracite", "炭黑"),
    "blue": ("blue", "蓝色"),
    "green": ("green", "绿色"),
    "grey": ("grey", "灰色"),
    "light_white": ("light white", "浅白"),
    "photonic": ("photonic", "光子结构色"),
    "terracotta": ("terracotta", "砖红"),
    "hour": ("hour", "小时"),
    "day": ("day", "日"),
    "week": ("week", "周"),
    "month": ("month", "月"),
    "year": ("year", "年"),
    "east": ("east", "东"),
    "north": ("north", "北"),
    "south": ("south", "南"),
    "west": ("west", "西"),
}
_PARTIES = {
    "buyer": "买方",
    "consumer": "用户",
    "customer": "客户",
    "disposal": "处置方",
    "drivers": "驾驶员",
    "grid": "电网",
    "homes": "居民",
    "households": "农户",
    "owner of boxes": "电池箱业主",
    "shippers": "货主",
    "ships": "船舶",
    "supplier": "供应商",
    "taker": "接收方",
    "trucks": "卡车",
    "village": "村集体",
}
"""To whom kinds of assets pay, and who pays them, beside assets of the plant."""


_POSSIBLE = Text("{}: possible now", "{}：当前可用")
_ONLINE = Text("answers", "应答")
"""What stands beside the flows of a running plant: ``wind.output.possible``, ``wind.online``."""


class Names:
    """The program's names in a plant, where each asset has the words of its own kind.

    ``kinds`` says of which kind an asset is. Of what is not there only the words are known that
    mean the same in every kind.
    """

    def __init__(self, kinds: Mapping[str, str] | None = None) -> None:
        self._kinds = dict(kinds or {})

    def part(self, name: str) -> Text:
        """A flow, store or capacity: "battery.charge" → battery charge, battery 充电."""
        breach = name.startswith(BREACH)
        bare = name.removeprefix(BREACH if breach else "")
        who, dot, _ = bare.partition(".")
        if not dot:
            return self.phrase(name)
        english, chinese = (f"{who} {said}" for said in self.quantity(bare))
        return Text(f"{BREACH}{english}", f"违反：{chinese}") if breach else Text(english, chinese)

    def quantity(self, name: str) -> Text:
        """The same beside its asset: "battery.charge" → charge, 充电."""
        who, _, what = name.partition(".")
        if what == "online":
            return _ONLINE
        if what.endswith(".possible"):
            return _POSSIBLE.format(self.quantity(name.removesuffix(".possible")))
        return Text(what, self._what(who, what))

    def knows(self, name: str) -> bool:
        """Whether a name is that of a part of an asset."""
        who, dot, _ = name.partition(".")
        return bool(dot) and who in self._kinds

    def node(self, name: str) -> Text:
        """A node: as its owner called it, or in the words of the asset that has it inside."""
        return self.part(name) if self.knows(name) else same(name)

    def phrase(self, what: str, who: str = "") -> Text:
        """What a ledger line of an asset is for."""
        known = self._word(who, what, _PHRASES)
        if known:
            return Text(what, known)
        for start, pattern in _PATTERNS:
            if what.startswith(start):
                rest = what.removeprefix(start)
                if start == "running ":
                    # Who runs stands beside it: "running wind.output" is the running cost of
                    # output.
                    owner, _, rest = rest.rpartition(".")
                    of = Text(rest, self._what(owner or who, rest))
                    return Text(f"running cost of {of.en}", f"{of.zh}变动成本")
                of = self.part(rest) if "." in rest else self.phrase(rest, who)
                return Text(f"{start}{of.en}", pattern.format(of.zh))
        if "." in what:
            return self.part(what)
        return Text(what, self._pattern(who, what, _PHRASES) or what)

    def party(self, name: str) -> Text:
        """Whom money goes to or comes from; assets keep the name the user gave them."""
        return Text(name, name if name in self._kinds else _PARTIES.get(name, name))

    def carrier(self, carrier: str, node: str) -> Text:
        """What a node carries, beside its name: in English only where the name says less."""
        known = self.phrase(carrier)
        return Text("", known.zh) if carrier == node else known

    def _what(self, who: str, what: str) -> str:
        """Chinese of what stands after the dot."""
        return self._word(who, what, _PARTS) or self._pattern(who, what, _PARTS) or what

    def _own(self, who: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The words of an asset's kind, and the names of its parameters."""
        kind = kinds().get(self._kinds.get(who, ""))
        return (_words(), chinese()) if kind is None else (words_of(kind), kind.chinese)

    def _word(self, who: str, what: str, common: Mapping[str, str]) -> str | None:
        """A word of the asset's kind, one that all say, one of other kinds, or a parameter."""
        own, named = self._own(who)
        return own.get(what) or common.get(what) or named.get(what) or _words().get(what)

    def _pattern(self, who: str, what: str, common: Mapping[str, str]) -> str | None:
        """Words around a name or a number: "to v1", "missing pumps", "trucks 2"."""
        own = self._own(who)[0]
        forms = sorted((key for key in own if "{}" in key), key=lambda key: (-len(key), key))
        for form in forms:
            found = re.fullmatch(re.escape(form).replace(r"\{\}", "(.+)"), what)
            if found:
                # A carrier has a name in both languages; other names are the user's.
                inside = [_PHRASES.get(each, each) for each in found.groups()]
                return own[form].format(*inside)
        start, _, number = what.rpartition(" ")
        known = self._word(who, start, common) if number.isdigit() else None
        return f"{known} {number}" if known else None


BREACH = "breach of "


def words_of(kind: type[Asset]) -> dict[str, str]:
    """What a kind says of parts and ledger lines, without the names of its parameters.

    A part that is called like a parameter and is something else stands there with a dot before it.
    """
    fields = kind.model_fields
    parts = {word: said for word, said in kind.chinese.items() if word not in fields}
    return parts | {word[1:]: said for word, said in parts.items() if word.startswith(".")}


@cache
def _words() -> dict[str, str]:
    """The words of all kinds on whose meaning they agree."""
    return agreed(map(words_of, kinds().values()))


def names_of(assets: Mapping[str, Any]) -> Names:
    """The names in a plant with these assets."""
    return Names({name: getattr(asset, "kind", "") for name, asset in assets.items()})


def option(value: str) -> Text:
    """A choice among words, such as a way of mounting."""
    return Text(*_OPTIONS[value]) if value in _OPTIONS else same(value)
