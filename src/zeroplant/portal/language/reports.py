"""The words of the reports: what is asked for, and what can be downloaded."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "ask operation": ("Report of the operation", "运行报告"),
    "about operation": (
        "Plan and measurement of every quarter-hour, energy, money, alarms and emissions of the "
        "days chosen; at most {} days.",
        "所选日期内每 15 分钟的计划与实测、电量、收支、告警与碳排放；最多 {} 天。",
    ),
    "ask plan": ("Report of the plan", "规划报告"),
    "about plan": (
        "Sizes, dispatch, cash flow, rules and carbon of the plant file as it stands.",
        "按当前电厂文件：规模、调度、现金流、规则与碳。",
    ),
    "first": ("From", "自"),
    "last": ("To", "至"),
    "make": ("Make it", "生成"),
    "asked": ("Reports", "报告列表"),
    "none": ("None has been asked for yet.", "尚未生成过报告。"),
    "kind": ("Report", "报告"),
    "operation": ("Operation", "运行"),
    "days": ("Days", "日期"),
    "when": ("Asked for", "申请时间"),
    "state": ("State", "状态"),
    "making": ("being made", "生成中"),
    "ready": ("ready", "已完成"),
    "failed making": ("failed", "失败"),
    "take": ("Download", "下载"),
    "page": ("Page", "网页"),
    "book": ("Workbook", "工作簿"),
    "table": ("Table", "数据表"),
    "kept": ("The last {} of each person are kept.", "每位用户保留最近 {} 份。"),
}
