"""A line on every term the report uses."""

from __future__ import annotations

from zeroplant.plan.report.text import Text

GLOSSARY: tuple[tuple[Text, Text], ...] = (
    (
        Text("Annuity", "年金"),
        Text(
            "Equal yearly payment that repays an investment with interest over its life.",
            "在寿命期内以等额年付偿还投资本息的金额。",
        ),
    ),
    (
        Text("Curtailment", "弃电"),
        Text(
            "Energy that wind, sun or water could have delivered and nobody took.",
            "风、光、水可发而未被利用的电量。",
        ),
    ),
    (
        Text("CVaR", "条件风险价值"),
        Text(
            "Conditional value at risk: the mean cost of the worst outcomes that together have a "
            "given probability. VaR is the cost exceeded with that probability at most.",
            "条件风险价值：给定概率的最差一部分情景的平均成本；VaR 为超过概率不大于该值的成本。",
        ),
    ),
    (
        Text("DSCR", "偿债备付率"),
        Text(
            "Debt service cover ratio: cash available for debt service over interest and "
            "principal due in the year; below 1 the year does not pay its debt.",
            "当年可用于还本付息的资金与应还本息之比；小于 1 表示当年资金不足以偿债。",
        ),
    ),
    (
        Text("EBITDA", "息税折旧摊销前利润"),
        Text(
            "Revenue less operating costs, before interest, income tax and depreciation.",
            "收入减经营成本，未扣利息、所得税和折旧。",
        ),
    ),
    (
        Text("Full-load hours", "满负荷小时数"),
        Text(
            "Yearly energy over rated power: the hours at full power that would make it.",
            "年电量与额定功率之比。",
        ),
    ),
    (
        Text("Gap", "间隙"),
        Text(
            "How far the objective could at most be from the best one possible.",
            "目标值与理论最优值的最大可能相对差距。",
        ),
    ),
    (
        Text("IRR", "内部收益率"),
        Text(
            "Internal rate of return: the discount rate at which the net present value is zero; "
            "of the project without debt, or of the owners' money.",
            "使净现值为零的折现率；分项目投资与资本金两种口径。",
        ),
    ),
    (
        Text("LCOE", "平准化度电成本"),
        Text(
            "Levelised cost of electricity: present value of all costs over present value of the "
            "energy that reaches the load and the grid. Bought power counts in both.",
            "全寿命期成本现值与交付电量（供给负荷与上网）现值之比，外购电的成本与电量均计入。",
        ),
    ),
    (
        Text("LLCR", "贷款期偿债覆盖率"),
        Text(
            "Loan life cover ratio: present value of the cash available during the loan's life "
            "over the debt.",
            "贷款期内可偿债资金现值与借款额之比。",
        ),
    ),
    (
        Text("NPV", "净现值"),
        Text(
            "Net present value: all cash of the project's life, discounted to year 0.",
            "项目全寿命期现金流折现到第 0 年之和。",
        ),
    ),
    (
        Text("Payback", "投资回收期"),
        Text(
            "Years of operation until the cash received has repaid the investment.",
            "累计净现金流由负转正所需的运营年数。",
        ),
    ),
    (
        Text("Residual load", "净负荷"),
        Text(
            "Load less what wind, sun and water could deliver in the same hour.",
            "同一时刻负荷减去可用风光水出力。",
        ),
    ),
    (
        Text("Self-use", "自发自用"),
        Text(
            "Renewable energy that is neither exported nor lost in storage and lines.",
            "既未送入公共电网、也未损耗于储能与线路的新能源电量。",
        ),
    ),
    (
        Text("Shadow price", "影子价格"),
        Text(
            "What the plan would save in a year if a limit were looser by one unit; at a node, "
            "what one more MWh there would cost.",
            "约束放松一个单位时年度总成本的减少额；对节点而言为多用 1 MWh 的边际成本。",
        ),
    ),
    (
        Text("Unserved energy", "缺供电量"),
        Text(
            "Load that the plan leaves without supply because serving it would cost more than "
            "its set price.",
            "因供电成本高于设定价格而未满足的负荷。",
        ),
    ),
    (
        Text("VAT", "增值税"),
        Text(
            "Value-added tax; what is paid on purchases is set off against what is collected.",
            "购进所付进项税额可抵扣销项税额。",
        ),
    ),
    (
        Text("WACC", "加权平均资本成本"),
        Text(
            "Weighted cost of capital: equity at its achieved return and debt at its rate after "
            "tax.",
            "按资本金实际收益率与税后借款利率加权的资本成本。",
        ),
    ),
    (
        Text("万 / 亿", "万、亿"),
        Text(
            "Chinese units of counting: 万 is ten thousand, 亿 a hundred million.",
            "1 万 = 10⁴，1 亿 = 10⁸。",
        ),
    ),
)
