"""The words of the page *Fleet*."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "no fleet": (
        "The plant has neither homes, chargers, swap stations nor ships.",
        "该电厂没有居民用户、充电站、换电站或船舶。",
    ),
    "histogram": ("Packs by charge", "电池包荷电分布"),
    "reckoned": ("the rest", "其余"),
    "gives to": ("gives to {}", "向 {} 输入"),
    "takes from": ("takes from {}", "从 {} 取用"),
    "slots": ("Slots", "仓位"),
    "slot": ("Slot", "仓位"),
    "pack": ("Pack", "电池包"),
    "charge": ("Charge", "荷电状态"),
    "state": ("State", "状态"),
    "no pack": ("no pack", "空"),
    "connected": ("The station is connected.", "站点已连接。"),
    "not connected": ("The station is not connected.", "站点未连接。"),
    "since": ("since", "自"),
    "calls in": (
        "A station that calls in and is no asset of the plant file.",
        "电厂文件之外的接入站点。",
    ),
    "not known": ("Not known:", "未知："),
    "single homes": (
        "what single homes do; only their groups are measured.",
        "单户状态；仅按分组计量。",
    ),
    "single plugs": (
        "single plugs and cars; no charger calls in by itself.",
        "单个充电枪与车辆；无充电桩直接接入。",
    ),
    "single trucks": ("where single trucks are.", "单车位置。"),
    "single boxes": ("the charge of single boxes.", "单个电池箱的荷电状态。"),
    "single ships": (
        "where the ships are, and what their boxes hold.",
        "船舶位置及船上电池箱电量。",
    ),
    "single berths": ("which berths are taken.", "泊位占用情况。"),
    "single slots": (
        "single slots and packs; the station does not call in by itself.",
        "单个仓位与电池包；该站未直接接入。",
    ),
}
