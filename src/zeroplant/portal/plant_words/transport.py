"""What can be wrong with roads, ships, weather and homes, in Chinese; `{}` is a gap."""

from __future__ import annotations

from collections.abc import Mapping

TRANSPORT: Mapping[str, str] = {
    # transport/depot_log.py
    "correct the table": "请更正该表",
    # transport/road.py
    "the segment from '{}' to '{}' joins no two places": "从“{}”到“{}”的路段不连接两个地点",
    "name two places of the road": "请指定道路的两个地点",
    "no road leads from '{}' to '{}'": "从“{}”到“{}”没有道路",
    "add the segments that are missing": "请补上缺少的路段",
    # transport/sessions.py
    "sessions with a figure that is no number: {}, the first is row {}":
        "有非数值的充电记录：{} 条，首条在第 {} 行",
    "sessions with a departure not after the arrival: {}, the first is row {}":
        "离开不晚于到达的充电记录：{} 条，首条在第 {} 行",
    "sessions with negative {}: {}, the first is row {}":
        "“{}”为负的充电记录：{} 条，首条在第 {} 行",
    "sessions with no charging power: {}, the first is row {}":
        "没有充电功率的充电记录：{} 条，首条在第 {} 行",
    # transport/voyage.py
    "its {} boxes are {} MWh short of a round trip: {} MWh usable, of which {} stay as "
    "reserve; most is missing from {} to {}":
        "其 {} 个电池箱往返尚缺 {} MWh：可用 {} MWh，其中 {} 留作备用；缺口最大的是从 {} 到 {}",
    "a round trip takes at least {} h at full speed with its stays and exchanges, and has {} h":
        "全速往返连同停靠与换箱至少需 {} h，而时限为 {} h",
    "write more boxes, a longer window, or a port with boxes on the way":
        "请增加电池箱、放宽时限，或增设有电池箱的港口",
    "write more ships, fewer departures or less stay": "请增加船舶、减少班次或缩短停靠",
    "from {} to {} the current is {} m/s, and the ship makes at most {} m/s: it does not get there":
        "从 {} 到 {} 流速为 {} m/s，而船速至多 {} m/s：无法到达",
    "write a faster ship or a weaker current": "请写更快的船，或更小的流速",
    # weather/generator.py
    "weather cannot be generated in steps of {} h": "无法按 {} h 的步长生成气象",
    "use steps of 15 min to 3 h": "步长应为 15 min 至 3 h",
    # weather/latent.py
    "no weather has these correlations and memories together":
        "没有气象能同时具有这些相关性与持续性",
    "lower the correlations or bring slow_hours together": "请降低相关系数，或使“slow_hours”相近",
    # weather/panels.py
    "a colour factor of {} is not between 0 and 1": "颜色系数 {} 不在 0 与 1 之间",
    "write the share of the power that stays": "请写剩余功率的比例",
    "there is no mounting '{}'": "没有安装方式“{}”",
    "there is no panel colour '{}'": "没有组件颜色“{}”",
    # weather/site.py
    "weather column '{}' holds {} values, ghi {}": "气象列“{}”有 {} 个值，“ghi”有 {} 个",
    "weather column '{}' holds values that are not finite": "气象列“{}”有非有限数值",
    "latitude {}, longitude {} is not on the globe": "纬度 {}、经度 {} 不在地球上",
    "latitude is -90…90, longitude -180…180 degrees": "纬度为 -90…90 度，经度为 -180…180 度",
    "the weather has {} values and the time axis {}": "气象有 {} 个值，时间轴有 {} 个",
    # weather/solar.py
    "panels tilted {}°": "组件倾角 {}°",
    "0 (flat) to 90 (upright)": "应为 0（水平）至 90（竖直）",
    "losses of {}": "损失为 {}",
    "a share from 0 to below 1": "应为不小于 0 且小于 1 的比例",
    "a DC/AC ratio of {}": "容配比为 {}",
    "usual are 1.1 to 1.4": "通常为 1.1 至 1.4",
    "an inverter efficiency of {}": "逆变器效率为 {}",
    "a share above 0, at most 1": "应为大于 0 且不大于 1 的比例",
    # weather/turbines.py
    "there is no generic turbine '{}'": "没有通用风机“{}”",
    "a power curve needs two or more points": "功率曲线至少需要两个点",
    "write [[speed, power], …]": "应写成 '[[speed, power], …]'",
    "the speeds of a power curve do not rise from 0 or above": "功率曲线的风速须从 0 或以上递增",
    "a power curve has powers below 0, or none above it": "功率曲线有负功率，或全为零",
    "order its points by speed": "请按风速排列各点",
    "write powers from 0 up": "功率应不小于 0",
    # weather/wind.py
    "{} losses of {}": "{} 损失为 {}",
    "a hub at {} m": "轮毂高度 {} m",
    "a height above 0": "高度应大于 0",
    # homes/population.py
    "no column '{}' is known": "不认识列“{}”",
    "the table of homes has no row": "户表没有行",
    # homes/figures.py
    "column '{}', row {}: {} is not above {}": "列“{}”第 {} 行：{} 不大于 {}",
    "column '{}', row {}: {} is below {}": "列“{}”第 {} 行：{} 小于 {}",
    "column '{}', row {}: {} is above {}": "列“{}”第 {} 行：{} 大于 {}",
    "column '{}', row {}: {} is not above {}, the first of {}":
        "列“{}”第 {} 行：{} 不大于 {}（共 {} 处，此为首处）",
    "column '{}', row {}: {} is below {}, the first of {}":
        "列“{}”第 {} 行：{} 小于 {}（共 {} 处，此为首处）",
    "column '{}', row {}: {} is above {}, the first of {}":
        "列“{}”第 {} 行：{} 大于 {}（共 {} 处，此为首处）",
}  # fmt: skip
"""What is said, and the same in Chinese."""
