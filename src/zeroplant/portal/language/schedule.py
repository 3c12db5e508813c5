"""The words of the page *Schedule*."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "no schedule": ("There is no schedule yet.", "尚无运行计划。"),
    "dispatch": ("Dispatch and price", "出力与价格"),
    "dispatch alone": ("Dispatch", "出力"),
    "nothing flows": ("Nothing flows in these hours: {}.", "该时段内无流量：{}。"),
    "stored at": ("Stored at the end of each step", "各时段末储量"),
    "exchange": ("Exchange with the grid, and commitments", "并网功率与承诺"),
    "net export": ("planned net export", "计划净上网功率"),
    "expected": (
        "Forecasts it stands on: {} to {} %, made {}",
        "所依据的预测：{} 至 {} % 区间，制定于 {}",
    ),
    "nothing promised": ("Nothing is promised in these hours.", "该时段内无承诺。"),
    "if missed": ("missed at {}", "违约价 {}"),
    "schedule over": (
        "This schedule has ended: nothing is planned for now.",
        "该计划已结束：当前时段无计划。",
    ),
    "schedule old": (
        "This schedule is more than an hour old: look whether the planner runs.",
        "该计划已超过一小时未更新：请检查计划进程。",
    ),
    "is optimal": ("optimal", "最优"),
    "is feasible": ("feasible, not proven best", "可行（未证明最优）"),
    "is kept": ("an earlier schedule, kept", "沿用此前计划"),
    "is rule": ("by a simple rule", "按简单规则"),
    "why": ("Why", "原因"),
    "quarter": ("Quarter-hour", "时段"),
    "to now": ("Now", "当前时段"),
    "why told": (
        "Money in {}. Click into the chart above, or move the slider, for another quarter-hour.",
        "金额单位为 {}。点击上图或移动滑块可查看其他时段。",
    ),
    "nothing binds": ("No limit binds here.", "该时段无起作用的约束。"),
}
