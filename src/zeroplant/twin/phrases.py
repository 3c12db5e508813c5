"""Words of the report of a run, in English and Chinese."""

from __future__ import annotations

from zeroplant.plan.report.text import Text

WORDS: dict[str, Text] = {
    "report": Text("Operation report", "运行报告"),
    "period": Text("Period", "时段"),
    "contents": Text("Contents", "目录"),
    "verdict": Text("Result", "结论"),
    "plan_actual": Text("Plan and actual", "计划与实际"),
    "figures": Text("Figures", "指标"),
    "energy": Text("Energy", "电量"),
    "ledger": Text("Ledger", "账目"),
    "faults": Text("Faults", "故障"),
    "device": Text("Device", "设备"),
    "hours": Text("Hours of the run", "运行小时"),
    "answered": Text("Alarms, seconds until the first", "告警（首次告警用时，秒）"),
    "alarms": Text("Alarms", "告警"),
    "reasons": Text("Why it was planned so", "计划依据"),
    "verdict_good": Text(
        "In {} simulated days ({} control cycles) the plant stayed within all its limits and "
        "served all load.",
        "仿真运行 {} 天（{} 个控制周期），电厂始终满足全部限值，负荷全部供应。",
    ),
    "verdict_bad": Text(
        "In {} simulated days ({} control cycles) not everything held; see the red figures.",
        "仿真运行 {} 天（{} 个控制周期），部分要求未满足，见红色指标。",
    ),
    "cost": Text("Net cost", "净成本"),
    "cost_remark": Text(
        "all lines of the ledger, less what is stored; negative is a gain",
        "全部账目，扣除储能余量价值；负值为收益",
    ),
    "tracking": Text("Tracking error", "跟踪误差"),
    "tracking_remark": Text(
        "95 % of cycles below, share of the connection", "95 % 周期低于此值，占并网容量"
    ),
    "violations": Text("Minutes beyond a limit", "越限分钟数"),
    "violations_remark": Text("at the connections to the grid", "并网点"),
    "unserved": Text("Unserved", "失供电量"),
    "unserved_remark": Text("load that was not served", "未供应的负荷"),
    "regret": Text("Cost regret", "成本遗憾值"),
    "regret_remark": Text(
        "against foresight; good below 60 % of persistence's",
        "相对完全预知；低于持续法的 60 % 为良好",
    ),
    "achievable": Text(
        "Tracking error of what was achievable (p95)", "相对可达目标的跟踪误差（p95）"
    ),
    "worst": Text("Greatest excess of a single cycle", "单周期最大越限"),
    "curtailed": Text("Curtailed", "弃电量"),
    "planned_unserved": Text("Unserved as planned", "计划内失供电量"),
    "skill": Text("Day-ahead error of {}: ours · persistence", "{} 日前预测误差：本系统 · 持续法"),
    "schedules": Text("Schedules", "计划"),
    "commands": Text("Commands by device", "各设备指令数"),
    "flow": Text("Flow", "流"),
    "amount": Text("MWh (unit·h)", "MWh（单位·h）"),
    "line": Text("Line", "科目"),
    "gain": Text("Gain", "收益"),
    "time": Text("First at (UTC)", "首次时间（UTC）"),
    "what": Text("What", "内容"),
    "times": Text("Times", "次数"),
    "severity": Text("Severity", "级别"),
    "price": Text("Worth per unit", "单位价值"),
    "none": Text("None.", "无。"),
    "day_ahead": Text("planned at midnight", "零点计划"),
    "in_force": Text("plan in force", "滚动计划"),
    "actual": Text("actual", "实际"),
    "exchange_chart": Text(
        "Net export at the connections (import is negative)", "并网点净上网功率（负值为下网）"
    ),
    "made_with": Text("Made with zeroplant {}.", "由 zeroplant {} 生成。"),
    "simulated": Text(
        "Simulated time; the truth is another draw of the same climate than the controller "
        "knows. Times in {}.",
        "仿真时间；真实情景与控制器已知的气候样本不同。时区 {}。",
    ),
}

KINDS: dict[str, Text] = {
    "in comfort band": Text("room hours within the comfort band", "室温达标率"),
    "in comfort band by thermostat alone": Text(
        "the same, if nobody steered", "室温达标率（不受控时）"
    ),
    "comfort kept while steered": Text("of it, kept while steered", "受控期间舒适度保持率"),
    "steered rooms": Text("steered rooms", "受控房间数"),
    "opt-outs": Text("opt-outs", "用户退出次数"),
    "swaps": Text("swaps", "换电次数"),
    "wait p50 min": Text("wait, median (min)", "等待时间中位数（分钟）"),
    "wait p95 min": Text("wait, 95 % below (min)", "等待时间 p95（分钟）"),
    "lockages served": Text("lockages served", "过闸完成率"),
    "hours of too fast a pond": Text("hours of too fast a pond", "库水位变幅超限小时"),
    "hours below the least flow": Text("hours below the least flow", "低于最小下泄流量小时"),
    "full cycles": Text("full cycles", "等效循环次数"),
    "lost MWh": Text("lost in converters, cells and auxiliaries (MWh)", "损耗与辅助用电（MWh）"),
    "cells at most °C": Text("cells at most (°C)", "电芯最高温度（°C）"),
    "health lost": Text("health lost, share of the capacity", "健康度损失"),
    "starts": Text("starts", "启动次数"),
    "COP": Text("coefficient of performance", "性能系数"),
    "kWh/kg": Text("electricity per hydrogen (kWh/kg)", "单位制氢电耗（kWh/kg）"),
    "warmth": Text("temperature at the end, 0 cold to 1 at work", "末温（0 冷态，1 热态）"),
    "lost through its walls MWh": Text("lost through its walls (MWh)", "罐体散热（MWh）"),
    "hours stopped by storm": Text("hours stopped by storm", "大风停机小时"),
}
