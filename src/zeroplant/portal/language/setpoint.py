"""The words of the form for a set-point; its problems are told by the API too, in English."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "set-point": ("Set-point by hand", "手动设定值"),
    "explained": (
        "First you see what it would do; nothing is sent before you confirm.",
        "系统先显示其影响；确认之前不会下发。",
    ),
    "second explained": (
        "What moves the plant by more than {} MW, together with what you move alone at that time "
        "already, or by an unknown amount, needs a second person.",
        "连同您在该时段已单独调整的功率，使全厂功率变化超过 {} MW 或变化未知的设定值，"
        "须第二人批准。",
    ),
    "second always": (
        "Every set-point needs a second person here.",
        "本厂所有设定值均须第二人批准。",
    ),
    "what": ("What", "对象"),
    "plant export": ("Net export of the plant", "全厂净上网功率"),
    "devices": ("Devices", "设备"),
    "least to most": ("{} to {} {}", "{} 至 {} {}"),
    "value": ("Value", "数值"),
    "value hint": (
        "In the unit of what is set. Net export: positive is to the grid, negative from it.",
        "单位与对象一致。净上网功率：正为上网，负为下网。",
    ),
    "start": ("From (plant time; empty: now)", "开始（电厂时间；空为立即）"),
    "now is": ("The plant's clock says {}.", "电厂时钟：{}。"),
    "for": ("For how long", "持续时间"),
    "minutes": ("{} min", "{} 分钟"),
    "hours": ("{} h", "{} 小时"),
    "reason": ("Why", "原因"),
    "show": ("See what it would do", "查看影响"),
    "waiting": ("Waiting for a second person", "等待第二人批准"),
    "no such kind": ("There is no such kind of set-point.", "无此类设定值。"),
    "not settable": ("'{}' takes no set-points.", "“{}”不接受设定值。"),
    "no key": (
        "A set-point of the whole plant has no '{}' beside it.",
        "全厂设定值不得附带“{}”。",
    ),
    "no power": ("Write a power as a number, such as 12.5.", "请填写功率数值，如 12.5。"),
    "outside limits": ("The plant allows {} to {} only.", "允许范围为 {} 至 {}。"),
    "no reason": ("Say why; it stands in the journal.", "请填写原因，将记入日志。"),
    "over already": ("It would be over already.", "该时段已过。"),
    "too long": (
        "It may hold for {} h at most, and begin within {} days.",
        "最长持续 {} 小时，且须在 {} 天内开始。",
    ),
    "no moment": ("Write the start as a date and a time.", "请填写开始日期和时间。"),
}
