"""Headings, labels and sentences of the report, in English and Chinese."""

from __future__ import annotations

from zeroplant.plan.report.text import Text

_TABLE = {
    # frame
    "report": ("Plan report", "规划报告"),
    "language": ("中文", "English"),
    "contents": ("Contents", "目录"),
    "period": ("Period", "时段"),
    "made_with": ("Made with zeroplant {}", "由 zeroplant {} 生成"),
    "all_yearly": (
        "All yearly figures are per year of 8,760 h; times are on the plant's clock ({}).",
        "所有年度数据按 8760 小时计；时间为电厂当地时间（{}）。",
    ),
    # sections
    "verdict": ("In short", "结论"),
    "sizes": ("Sizes", "装机与容量"),
    "energy": ("Energy of a year", "年度电量平衡"),
    "carriers": ("Heat, fuels and materials", "热、燃料与物料平衡"),
    "findings": ("What the assets show", "各资产专项结果"),
    "weeks": ("Best and worst week", "最好与最差一周"),
    "curves": ("Duration curves", "持续曲线"),
    "monthly": ("Month by month", "月度电量平衡"),
    "ledger": ("Ledger of a year", "年度收支台账"),
    "scenarios": ("Scenarios", "情景与风险"),
    "finance": ("Cash flow", "现金流"),
    "tornado": ("What the value depends on", "敏感性分析"),
    "rules": ("Rules", "政策规则校核"),
    "carbon": ("Carbon", "碳账户"),
    "prices": ("Prices at the nodes", "节点影子价格"),
    "assumptions": ("Assumptions", "输入与假设"),
    "solver": ("Solver", "求解信息"),
    "glossary": ("Glossary", "术语"),
    # columns
    "what": ("What", "项目"),
    "who": ("Who", "主体"),
    "to": ("To", "对方"),
    "capacity": ("Capacity", "容量"),
    "value": ("Value", "数值"),
    "how": ("How it came about", "确定方式"),
    "range": ("Range", "取值范围"),
    "investment": ("Investment", "静态投资"),
    "chosen": ("chosen by the plan", "优化选取"),
    "given": ("given", "给定"),
    "at_upper": ("at its upper bound: more would pay", "已达上限，放宽仍有收益"),
    "flow": ("Flow", "能流"),
    "yearly": ("Per year", "年电量"),
    "peak": ("Peak", "最大功率"),
    "brought": ("Brought in a year", "年供入"),
    "taken": ("Taken in a year", "年取用"),
    "full_hours": ("Full-load hours", "满负荷小时数"),
    "curtailed": ("Curtailed", "弃电率"),
    "quantity": ("Quantity", "数量"),
    "price": ("Price", "单价"),
    "amount": ("Amount", "金额"),
    "costs": ("Costs", "支出"),
    "revenues": ("Revenues", "收入"),
    "penalties": ("Priced wishes not met", "未满足的软约束（惩罚项）"),
    "penalties_note": (
        "These price unserved energy and broken rules in the plan. Nobody pays them; they are in "
        "no cash flow.",
        "用于在规划中给缺供电量和违反规则定价，不发生实际支付，不计入现金流。",
    ),
    "sum": ("Sum", "合计"),
    "net_cost": ("Cost less revenue", "净支出"),
    "net_gain": ("Revenue less cost", "净收益"),
    "rule": ("Rule", "规则"),
    "limit": ("Limit", "限值"),
    "margin": ("Margin", "裕度"),
    "unit": ("Unit", "单位"),
    "state": ("State", "结果"),
    "shadow": ("Shadow price", "影子价格"),
    "source": ("Source", "依据"),
    "confidence": ("Confidence", "可信度"),
    "note": ("Note", "说明"),
    "node": ("Node", "节点"),
    "carrier": ("Carrier", "介质"),
    "mean": ("Mean", "均值"),
    "median": ("Median", "中位数"),
    "parameter": ("Parameter", "参数"),
    "origin": ("Where it comes from", "来源"),
    "year": ("Year", "年份"),
    "term": ("Term", "术语"),
    "meaning": ("Meaning", "含义"),
    "unit_money": ("in M {}", "单位：万{}"),
    # states
    "met": ("met", "满足"),
    "broken": ("broken", "不满足"),
    "unknown": ("cannot be judged", "无法判定"),
    "reported": ("reported only", "仅供参考"),
    "reported low": ("reported only, not reached", "仅供参考，未达到"),
    "not_binding": ("not binding", "不起约束作用"),
    "missing": ("needs the quantity {}", "缺少数据 {}"),
    "short_by": ("The plan breaks this rule by {} a year.", "每年差额 {}。"),
    "high": ("high", "高"),
    "medium": ("medium", "中"),
    "low": ("low", "低"),
    "unverified": ("unverified", "未核实"),
    # shares and carbon
    "self_use": ("Renewable energy used on site", "新能源自发自用率"),
    "self_supply": ("Consumption covered on site", "用电自给率"),
    "curtailment": ("Renewable energy curtailed", "弃风弃光率"),
    "unserved": ("Load not served", "缺供电量占比"),
    "emissions": ("Emissions of a year", "年排放量"),
    "reference": ("The same load on grid power alone", "全部由电网供电时的排放"),
    "saved": ("Avoided", "减排量"),
    "intensity": ("Emissions per MWh of load", "单位用电碳排放"),
    "annual_match": ("Load matched over the year", "年度绿电匹配率"),
    "matched": ("Load matched by renewable energy in the same hour", "逐时绿电匹配率"),
    # scenarios and weather years
    "outcomes_note": (
        "Sizes are the same in all outcomes; operation is the best for each by itself, as if its "
        "weather and prices were known beforehand. Figures elsewhere in this report are "
        "expectations over the outcomes.",
        "所有情景共用同一组容量；运行方式按各情景分别优化（假定其天气与价格事先已知）。"
        "报告其他部分的数值均为各情景的期望值。",
    ),
    "expected_cost": ("Expected cost of a year", "年成本期望值"),
    "worst_outcome": ("Worst outcome", "最差情景"),
    "cvar": ("CVaR: mean of the worst {}", "条件风险价值 CVaR（最差 {} 的均值）"),
    "var": ("VaR: exceeded in {} at most", "风险价值 VaR（超过概率不大于 {}）"),
    "aversion": ("Weight of the CVaR in the plan", "规划中 CVaR 的权重"),
    "outcome": ("Outcome", "情景"),
    "probability": ("Probability", "概率"),
    "cost_of_year": ("Cost of a year", "年成本"),
    "to_expected": ("Beside the expected", "与期望值之差"),
    "of_penalties": ("Priced wishes in it", "其中软约束惩罚"),
    "unserved_energy": ("Load not served", "缺供电量"),
    "in_the_tail": (
        "Belongs to the worst outcomes.",
        "属于最差的一部分情景。",
    ),
    "risk_note": (
        "The plan minimised the expected cost with the rest of the weight and the CVaR with {}; "
        "what that adds to the objective is in nobody's purse.",
        "规划目标为期望成本与 CVaR 的加权（CVaR 占 {}）；由此增加的目标值不发生实际支付。",
    ),
    "outcomes_chart": (
        "Cost of a year, the worst outcome first, each as wide as it is likely",
        "各情景年成本（由差到好，宽度为概率）",
    ),
    "cumulative": ("cumulative probability", "累计概率"),
    # weeks and curves
    "criterion": (
        "The best week is the seven whole days with the least grid import and unserved energy, "
        "the worst the seven with the most; where nothing comes from outside, load less available "
        "wind, sun and water decides.",
        "最好一周指下网电量与缺供电量之和最小的连续七天，最差一周为最大者；"
        "若无外来电力，则按负荷减去可用风光水出力判断。",
    ),
    "best": ("Best week, {}: {} from outside", "最好一周 {}：外来及缺供电量 {}"),
    "worst": ("Worst week, {}: {} from outside", "最差一周 {}：外来及缺供电量 {}"),
    "load_curves": ("Load and residual load", "负荷与净负荷持续曲线"),
    "price_curves": ("Price of electricity at the nodes", "节点电价持续曲线"),
    "residual": ("Load less available wind, sun and water", "净负荷（负荷减可用风光水出力）"),
    "load": ("Load", "负荷"),
    "hours_a_year": ("hours a year with this value or more", "全年不低于该值的小时数"),
    "month_caption": (
        "Supply above the axis, storage charge and export below, the load as a line",
        "横轴上方为供电，下方为储能充电与上网，横线为负荷",
    ),
    # money
    "equity_chart": ("Cash of the owners after tax and debt", "资本金税后净现金流"),
    "project_chart": ("Cash of the project after tax, without debt", "项目投资税后净现金流"),
    "tornado_chart": (
        "Net present value ({} as planned) when one figure moves by 10 %",
        "单一因素变动 10% 时的净现值（基准 {}）",
    ),
    "waterfall": ("From revenue to what is left in a year", "年度收入到净收益"),
    "statement_note": (
        "The workbook beside this page carries every line with live formulae.",
        "随附工作簿含全部明细与可重算公式。",
    ),
    "no_finance": (
        "The plant file has no terms of finance, so there is no cash flow over the years.",
        "电厂文件未给出融资条件，故无逐年现金流。",
    ),
    "terms": ("Terms of finance", "财务条件"),
    "status": ("Status", "状态"),
    "optimal": ("optimal", "最优"),
    "feasible": ("best found before the deadline", "截止时间内的最好解"),
    "gap": ("Proven gap to the optimum", "与最优解的差距上限"),
    "seconds": ("Time", "用时"),
    "objective": ("Objective", "目标值"),
    "name": ("Solver", "求解器"),
    "stages": ("Periods", "时段数"),
}

WORDS = {key: Text(*pair) for key, pair in _TABLE.items()}
"""Everything the templates print, by key."""

MEASURES: dict[str, Text] = {
    "npv": Text("NPV of equity", "资本金净现值"),
    "project_npv": Text("NPV of the project", "项目投资净现值"),
    "equity_irr": Text("Equity IRR", "资本金内部收益率"),
    "project_irr": Text("Project IRR", "项目投资内部收益率"),
    "lcoe": Text("LCOE", "平准化度电成本"),
    "lcoe_real": Text("LCOE, real", "平准化度电成本（实际）"),
    "project_lcoe": Text("LCOE without debt", "平准化度电成本（无负债）"),
    "dscr_min": Text("DSCR, lowest", "最低偿债备付率"),
    "dscr_average": Text("DSCR, mean", "平均偿债备付率"),
    "llcr": Text("LLCR", "贷款期偿债覆盖率"),
    "payback_years": Text("Payback", "静态投资回收期"),
    "discounted_payback_years": Text("Discounted payback", "动态投资回收期"),
    "wacc": Text("WACC", "加权平均资本成本"),
    "debt": Text("Debt", "借款"),
    "equity": Text("Equity", "资本金"),
}
"""Names of the measures of a project."""
