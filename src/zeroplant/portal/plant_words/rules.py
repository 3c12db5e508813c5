"""What can be wrong with rules, capital and taxes, in Chinese; `{}` is a gap."""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    # rules/account.py
    "'{}' is no quantity of the energy account": "“{}”不是能量账户中的量",
    # rules/factors.py
    "no emission factors of kind '{}'": "没有“{}”类的排放因子",
    "no emission factor of {} for {}": "没有 {} 在 {} 年的排放因子",
    "no emission factor of '{}'": "没有“{}”的排放因子",
    # rules/figures.py
    "{} goes by class, not '{}'": "{} 按类别取值，没有“{}”类",
    "{} goes by class, and none is given": "{} 按类别取值，而未给出类别",
    "{} begins in {}, not in {}": "{} 自 {} 年起适用，{} 年尚未开始",
    "write class: {}": "请写 'class: {}'",
    "write year: {} or later": "请写 'year: {}' 或更晚",
    # rules/library.py
    "the pack in {}.yaml calls itself {}": "“{}.yaml”中的规则包自称“{}”",
    # rules/overrides.py
    "it has none": "没有可选项",
    "{} goes by class of project": "{} 按项目类别取值",
    "'{}' is no parameter of {}": "“{}”不是 {} 的参数",
    "'{}' is no quantity a plant can give": "“{}”不是电厂可以给出的量",
    # rules/pack.py
    "'{}' is no parameter of this rule": "“{}”不是本规则的参数",
    "'{}' is no indicator of this rule": "“{}”不是本规则的指标",
    "'{}' is no formula of this rule": "“{}”不是本规则的公式",
    "'{}' is no input of {} of this rule": "“{}”不是本规则 {} 的输入",
    "this rule sets no fee": "本规则不收费",
    # rules/planning.py
    "{} needs the plant's yearly {}": "{} 需要电厂的年 {}",
    "write given: {{}: … {}}, or off: [{}]": "请写 'given: {{}: … {}}'，或 'off: [{}]'",
    # capital/depreciation.py
    "no depreciation class '{}' in {}": "“{}”不是 {} 中的折旧类别",
    "take one of {}": "可选：{}",
    # capital/project.py
    "give a number from {} to {}": "应为 {} 至 {} 的数值",
    "give a number of at least {}": "应为不小于 {} 的数值",
    "a life of {} years": "寿命为 {} 年",
    "depreciated over {} years": "折旧年限为 {} 年",
    "give at least one year": "至少一年",
    "equipment and construction are more than the whole": "设备与建筑之和大于总额",
    "give a positive number of years": "年数应大于 0",
    "unknown kind '{}'": "未知的类型“{}”",
    "the amount is {}": "金额为 {}",
    # capital/regime.py
    "no tax regime '{}'": "没有税制“{}”",
    # capital/terms.py
    "nothing says how large the debt is": "没有说明债务规模",
    "write 'share' or 'target_dscr'": "请写“share”或“target_dscr”",
    "no income tax '{}' in {}": "没有所得税“{}”（{}）",
    "the debt runs {} years, the project {}": "债务期限 {} 年，项目期 {} 年",
    "a share of {} is above {}, the most under {}": "比例 {} 超过上限 {}（{}）",
    "lower it, or set 'cap' beside it": "请降低，或在旁边写“cap”",
    # capital/variants.py
    "no factor '{}'": "没有因素“{}”",
}  # fmt: skip
"""What is said, and the same in Chinese."""
