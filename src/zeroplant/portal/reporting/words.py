"""Words of the operation's report, in English and Chinese."""

from __future__ import annotations

from zeroplant.plan.report.text import Text

WORDS: dict[str, Text] = {
    "report": Text("Operation report", "运行报告"),
    "period": Text("Period", "时段"),
    "contents": Text("Contents", "目录"),
    "summary": Text("Summary", "概要"),
    "plan_actual": Text("Plan and actual", "计划与实际"),
    "energy": Text("Energy", "电量"),
    "money": Text("Money", "收支"),
    "alarms": Text("Alarms", "告警"),
    "partial": Text(
        "(of {} of {} quarter-hours; the others were not measured)",
        "（{}/{} 个时段之和，其余缺测）",
    ),
    "critical": Text("critical", "紧急"),
    "major": Text("major", "重要"),
    "minor": Text("minor", "一般"),
    "planned": Text("plan in force", "滚动计划"),
    "actual": Text("measured", "实测"),
    "earned": Text("Earned with energy", "电量收益"),
    "earned_remark": Text("without capacity charges and fixed costs", "不含容量电费和固定成本"),
    "emitted": Text("Emissions", "碳排放"),
    "emitted_remark": Text("emission factors of the plant file", "按电厂文件的排放因子"),
    "deviation": Text("Deviation from plan", "偏离计划"),
    "deviation_remark": Text("mean absolute difference at the connection", "并网点平均绝对偏差"),
    "alarm_count": Text("Kinds of alarms", "告警种类"),
    "alarm_remark": Text("raised in the period", "时段内发生"),
    "generated": Text("generated", "发电"),
    "used": Text("used", "用电"),
    "imported": Text("bought from the grid", "下网购电"),
    "exported": Text("sold to the grid", "上网售电"),
    "line": Text("Line", "科目"),
    "gain": Text("Earned", "收益"),
    "time": Text("First at", "首次时间"),
    "quarter": Text("Quarter-hour from", "时段开始"),
    "what": Text("What", "内容"),
    "times": Text("Times", "次数"),
    "severity": Text("Severity", "级别"),
    "price": Text("price", "电价"),
    "none": Text("None.", "无。"),
    "total": Text("Total", "合计"),
    "unknown": Text("unknown", "未知"),
    "made_with": Text("Made with zeroplant {}. Times in {}.", "由 zeroplant {} 生成。时区 {}。"),
}
