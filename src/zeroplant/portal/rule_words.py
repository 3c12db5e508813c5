"""What the rules of a plant's model are about, for people: they are told where one binds.

Kinds of assets name their rules shortly, as ``complex.level and river``; `{}` is a gap, which holds
a number, a node, or the part of an asset that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from zeroplant.plan.report.names import Names
from zeroplant.plan.report.text import Text

RULES: Mapping[str, Text] = {
    # Machines that run within limits, and are switched on and off.
    "rating": Text("no more than its rating", "不超过额定功率"),
    "ramp": Text("how fast its power may change", "功率变化速率"),
    "rise": Text("how fast it may go up", "增负荷速率"),
    "fall": Text("how fast it may go down", "减负荷速率"),
    "start": Text("its power when it starts", "启动时的功率"),
    "stop": Text("its power when it stops", "停机时的功率"),
    "least load": Text("its least load", "最低负荷"),
    "units on: at least": Text("the least load of what runs", "运行机组的最低负荷"),
    "units on: at most": Text("no more than what runs can", "不超过运行机组的能力"),
    "units on: size": Text("what runs is no more than there is", "运行容量不超过装机"),
    "units on: counted": Text("starts are counted", "启动次数计数"),
    "units on: time up": Text("how long it must run once started", "最短运行时间"),
    "units on: time down": Text("how long it must rest once stopped", "最短停运时间"),
    "starts counted": Text("starts are counted", "启动次数计数"),
    "one state": Text("it runs, stands by or is off", "运行、热备用或停机三者之一"),
    "cold start": Text("a cold start takes its time", "冷启动需要时间"),
    "warming up": Text("what starts warms up first", "启动前须先升温"),
    "only while {}": Text("one way at a time: {}", "同一时刻只向一个方向：{}"),
    "not while {}": Text("one way at a time: not while {}", "同一时刻只向一个方向：与{}互斥"),
    "curve {}": Text("what it makes of its power, by its curve", "按效率曲线的产量"),
    "least of the curve": Text("what it makes of little power", "低负荷时的产量"),
    "most heat": Text("the heat it can give with this power", "该功率下可供的热量"),
    "recovery": Text("heat exchanged between its streams", "流股间换热"),
    # Storage.
    "cycles": Text("as many cycles as it may have", "循环次数上限"),
    "lower basin": Text("room in its lower basin", "下库容量"),
    "machine holds {}": Text("its machine is as large as its {}", "机组容量不小于{}"),
    # Water.
    "rated flow": Text("the flow its turbines can take", "水轮机额定流量"),
    "minimum flow": Text("the least flow of the river below", "最小下泄流量"),
    "rise of the release": Text("how fast the release may rise", "下泄流量上升速率"),
    "fall of the release": Text("how fast the release may fall", "下泄流量下降速率"),
    "rise of the pond": Text("how fast its pond may rise", "库水位上升速率"),
    "fall of the pond": Text("how fast its pond may fall", "库水位下降速率"),
    "level and river": Text("output by its level and the river", "按水位与来水的出力"),
    "level and turbines": Text("output by its level and turbines", "按水位与机组的出力"),
    "tail water {}": Text("output by its tail water", "按尾水位的出力"),
    "parts of the flow": Text("the flow its turbines take", "水轮机引水量"),
    "power of the flow": Text("output by its head", "按水头的出力"),
    "head {}": Text("output by its head", "按水头的出力"),
    "head": Text("output by its head", "按水头的出力"),
    "full head": Text("output by its full head", "按最大水头的出力"),
    "inflow at head {}": Text("what the inflow brings at this head", "该水头下来水的能量"),
    "energy at least {}": Text("the energy its water holds", "库存水量的能量"),
    "energy at most": Text("the energy its water holds", "库存水量的能量"),
    "time of the chambers": Text("a lockage takes its time", "闸次历时"),
    "ships in the chambers": Text("room in the chambers of its lock", "闸室容量"),
    "water of lockages": Text("water that its lockages take", "过闸用水"),
    "lockages": Text("water that its lockages take", "过闸用水"),
    # Connections, loads and contracts.
    "export limit": Text("its limit of export", "上网功率上限"),
    "import of both": Text("import for all uses within its limit", "各类下网合计不超过上限"),
    "peak within connection": Text("peak within its connection", "最大需量不超过并网容量"),
    "connection": Text("its connection", "并网容量"),
    "connection back": Text("its connection, giving back", "并网容量（反送）"),
    "feeding line": Text("the line that feeds it", "供电线路容量"),
    "one way {}": Text("charging and giving back at once", "充电与放电不同时满功率"),
    "voltage {}": Text("voltage at {}", "{} 的电压"),
    "branch {}": Text("the branch to {}", "至 {} 的支路"),
    "rating {} {} {}": Text("rating of the branch {} {}", "支路 {} {} 的额定容量"),
    "no more than the load": Text("no more is shed than is used", "切负荷不超过负荷"),
    "less than usual": Text("reduced from what is usual", "低于常态用电"),
    "in time": Text("what was put off is made up in time", "推迟的负荷按时补足"),
    "interruption": Text("how much may be interrupted", "可中断量"),
    "contract": Text("what its contract promises", "合同约定量"),
    "contract most": Text("the most its contract takes", "合同上限"),
    "most in a month": Text("the most in a month", "月上限"),
    "most in a year": Text("the most in a year", "年上限"),
    "green electricity": Text("green electricity for what it makes", "所用绿电匹配"),
    "paid power": Text("power that is paid for", "受补偿的功率"),
    "paid duration": Text("how long the paid power lasts", "受补偿功率的持续时间"),
    "sockets": Text("as much as its sockets can give", "岸电插座容量"),
    # Vehicles, packs and boxes.
    "lanes": Text("its lanes for swaps", "换电通道"),
    "chargers": Text("its chargers", "充电机"),
    "{} kept free": Text("{}, part of them kept free for surprises", "为突发需求预留部分{}"),
    "enough {}": Text("{}, or more packs in hand for those that queue", "{}不足时增备电池"),
    "in hand {}": Text("packs it has in hand", "站内电池组数"),
    "in time {}": Text("packs charged in time", "按时充好的电池组"),
    "on charge": Text("packs on charge", "在充电池组"),
    "stock of boxes": Text("the boxes it has", "电池箱库存"),
    "slots in use": Text("its slots", "充电位"),
    "boxes on the slots": Text("boxes on its slots", "充电位上的电池箱"),
    # What running adds: promises, and what is held ready for them.
    "{}: connection": Text("{}: room in the connection", "{}：并网容量"),
    "{}: energy of {}": Text("{}: energy in {}", "{}：{} 的电量"),
    "{}: power of {}": Text("{}: power of {}", "{}：{} 的功率"),
    "{}: of all": Text("{}: of all together", "{}：合计"),
}  # fmt: skip
"""By what stands after the asset's name."""

LEVELS: Mapping[str, Text] = {
    "least": Text("{}: its least level", "{}：库存下限"),
    "most": Text("{}: its greatest level", "{}：库存上限"),
}
"""Limits of stores that may be broken at a price, named ``<store> (least)``."""
_LEVEL = re.compile(rf"(.+) \(({'|'.join(LEVELS)})\)")
_FORMS = [
    (re.compile(re.escape(said).replace(r"\{\}", "(.+?)")), words)
    for said, words in sorted(RULES.items(), key=lambda each: -len(each[0]))
]


def rule_told(name: str, names: Names) -> Text:
    """A rule: whose it is, and what it is about; its name as it is where nothing is known of it."""
    level = _LEVEL.fullmatch(name)
    if level:
        return LEVELS[level[2]].format(names.part(level[1]))
    who, dot, what = name.partition(".")
    for form, words in _FORMS:
        found = form.fullmatch(what if dot else name)
        if found:
            gaps = [names.quantity(f"{who}.{each}") if dot else names.part(each)
                    for each in found.groups()]  # fmt: skip
            about = words.format(*gaps[: words.en.count("{}")])
            return Text(f"{who}: {about.en}", f"{who}：{about.zh}") if dot else about
    return names.part(name)
