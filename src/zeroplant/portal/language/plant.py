"""The words of the page *Plant*."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "sites": ("Sites", "厂址"),
    "assets there": ("assets: {}", "设备：{}"),
    "north": ("north", "北"),
    "diagram": ("Single-line diagram", "单线图"),
    "no node": ("At no node of their own", "无自有节点"),
    "signs": (
        "▲ gives to the node, ▼ takes from it. A value with “?” is doubtful or was inferred.",
        "▲ 向节点输入，▼ 从节点取用。带“?”的数值为可疑或推算值。",
    ),
    "assets": ("Assets", "设备"),
    "grouped": ("Grouped", "分组方式："),
    "by kind": ("by kind", "按类型"),
    "by place": ("by place", "按位置"),
    "asset": ("Asset", "设备"),
    "stored": ("Stored", "储量"),
    "alarms count": ("alarms: {}", "告警：{}"),
    "silent": ("does not answer", "无应答"),
    "site": ("Site", "厂址"),
    "node": ("Node", "节点"),
}
