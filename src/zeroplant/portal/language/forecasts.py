"""The words of the forecasts: bands, what was measured, and how good they turned out."""

from __future__ import annotations

from zeroplant.portal.language.phrases import Phrases

PHRASES: Phrases = {
    "quantity": ("Quantity", "预测量"),
    "issue": ("Made at", "发布时间"),
    "newest": ("newest", "最新"),
    "none": (
        "There are no forecasts: the controller makes them once two days have been measured.",
        "尚无预测：控制器在实测满两天后开始预测。",
    ),
    "measured": ("measured", "实测"),
    "middle": ("expected", "期望值"),
    "band": ("{}–{} % band", "{}–{} % 区间"),
    "by trees": ("learnt from weather and history", "由天气与历史数据学习得出"),
    "by blend": ("a blend of simple methods: too little was measured to learn from",
                 "简单方法的组合：实测数据不足以学习"),
    "by other": ("by {}", "方法：{}"),
    "missing": ("It had to do without: {}.", "缺少输入：{}。"),
    "how good": ("How good they turned out", "预测效果"),
    "of rating": (
        "Mean error of the expected value as a share of the rating ({}), over {}; beside it "
        "what it would be to say “as now” and “as the last days at this hour”. A band of 80 % is "
        "honest if about 80 % of what came lies in it.",
        "期望值的平均绝对误差，占额定值（{}）的比例，统计 {}；并列给出“维持现状”和“同近日"
        "同一时刻”两种简单预测的误差。80 % 区间若约有 80 % 的实测值落入其中，则可信。",
    ),
    "ahead": ("Ahead", "提前量"),
    "error": ("This forecast", "本预测"),
    "persistence": ("as now", "维持现状"),
    "climatology": ("as the last days", "同近日"),
    "coverage": ("in the band", "落入区间"),
    "verdict": ("In words", "评价"),
    "no skill": ("Too little has been measured to say.", "实测数据不足，无法评价。"),
    "minutes": ("{} min", "{} 分钟"),
    "hours": ("{} h", "{} 小时"),
    "much better": ("{} % better than the best simple guess", "比最好的简单预测好 {} %"),
    "no better": ("no better than a simple guess", "不优于简单预测"),
    "narrow": ("; the band is too narrow", "；区间偏窄"),
    "wide": ("; the band is wider than needed", "；区间偏宽"),
    "chart": ("Forecast and what was measured", "预测与实测"),
    "show": ("Show", "显示"),
    "old issue": ("This forecast is older than an hour.", "该预测已超过一小时。"),
}  # fmt: skip
