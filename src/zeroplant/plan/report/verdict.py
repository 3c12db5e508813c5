"""The plan in a paragraph, and its key figures."""

from __future__ import annotations

from dataclasses import dataclass

from zeroplant.plan.report.facts import Facts
from zeroplant.plan.report.facts.rules import counted
from zeroplant.plan.report.figures import (
    emissions,
    energy,
    exists,
    money,
    percent,
    price,
    quantity,
)
from zeroplant.plan.report.text import Text, listed, same, sentences
from zeroplant.plan.report.words import MEASURES, WORDS


@dataclass(frozen=True)
class Tile:
    """One key figure: its name, its value, a remark, and whether it is good or bad news."""

    name: Text
    value: Text
    remark: Text
    tone: str = ""


def verdict(facts: Facts) -> Text:
    """Sizes, money, rules and carbon in whole sentences."""
    parts = [_sizes(facts), _money(facts), *_finance(facts), _rules(facts)]
    missing = facts.shares.unserved or 0.0
    if missing > 5e-7:
        amount = energy(facts.power.yearly(facts.power.get("unserved")))
        share = percent(missing, 3)
        said = Text("{} of load ({}) stays unserved.", "有 {} 负荷（{}）未得到供应。")
        parts.append(said.format(amount, share))
    if facts.subject.solution.status != "optimal":
        gap = percent(facts.subject.solution.gap, 2)
        said = Text(
            "The solver stopped at its deadline: the optimum is at most {} away.",
            "求解在截止时间停止，与最优解相差不超过 {}。",
        )
        parts.append(said.format(gap))
    return sentences(parts)


def _sizes(facts: Facts) -> Text:
    chosen = [row for row in facts.sizes if row.chosen]
    rows = chosen or facts.sizes
    if not rows:
        return Text("Nothing is sized here.", "本方案无容量选择。")
    assets: dict[Text, list[Text]] = {}
    for row in rows:
        who, _, what = row.name.partition(".")
        # "wind 300 MW" and "station 23 packs" say what is meant; other sizes need their name.
        told = what in ("power", "energy") or what == row.unit
        name = same(who) if told else facts.names.part(row.name)
        assets.setdefault(name, []).append(quantity(row.value, row.unit))
    parts = [
        Text(
            f"{name.en} {' / '.join(value.en for value in values)}",
            f"{name.zh} {' / '.join(value.zh for value in values)}",
        )
        for name, values in assets.items()
    ]
    head = (
        Text("The cheapest plan found is {}.", "最经济方案为：{}。")
        if chosen
        else Text("The plant has {}.", "电厂容量为：{}。")
    )
    return head.format(listed(parts))


def _money(facts: Facts) -> Text:
    books, code = facts.books, facts.currency
    cost, revenue = money(books.cost, code), money(books.revenue, code)
    if books.revenue <= 0:
        said = Text(
            "A year costs {}, annuities of the investment included.", "年总成本 {}（含投资年金）。"
        )
        return said.format(cost)
    gain = Text("leaves {}", "净收益 {}") if books.net <= 0 else Text("costs {} net", "净支出 {}")
    said = Text(
        "A year earns {} and costs {}, annuities of the investment included, and so {}.",
        "年收入 {}，年成本 {}（含投资年金），{}。",
    )
    return said.format(revenue, cost, gain.format(money(abs(books.net), code)))


def _finance(facts: Facts) -> list[Text]:
    finance = facts.subject.finance
    if finance is None:
        return []
    figures, code = finance.appraisal.measures, facts.currency
    said = Text(
        "Over {} years the project is worth {} at {} (NPV)",
        "在 {} 年计算期、{} 折现率下，项目净现值 {}",
    )
    rate = percent(finance.terms.nominal_rate)
    worth = money(figures.project_npv, code)
    years = str(finance.terms.years)
    english = said.en.format(years, worth.en, rate)
    chinese = said.zh.format(years, rate, worth.zh)
    returns = [Text(english, chinese)]
    for value, name in (
        (figures.project_irr, Text("a project IRR of {}", "项目投资内部收益率 {}")),
        (figures.equity_irr, Text("an equity IRR of {}", "资本金内部收益率 {}")),
    ):
        if exists(value):
            returns.append(name.format(percent(value)))
    joined = ", with ".join(part.en for part in returns[:2])
    if len(returns) > 2:
        joined += f" and {returns[2].en}"
    return [Text(f"{joined}.", "，".join(part.zh for part in returns) + "。")]


def _rules(facts: Facts) -> Text:
    met, judged = counted(facts.rules)
    if not judged:
        return Text("No rule binds this plan.", "本方案不受规则约束。")
    if met == judged:
        return Text("All {} binding rules are met.", "{} 项约束性规则全部满足。").format(
            str(judged)
        )
    names = listed([row.title for row in facts.rules if row.state == "broken"])
    said = Text("{} of {} binding rules are broken: {}.", "{} 项（共 {} 项）约束性规则不满足：{}。")
    return said.format(str(judged - met), str(judged), names)


def tiles(facts: Facts) -> list[Tile]:
    """Six to eight figures a reader looks for first."""
    books, code = facts.books, facts.currency
    label = WORDS["net_gain"] if books.net <= 0 else WORDS["net_cost"]
    spent = sum(row.cost or 0.0 for row in facts.sizes)
    found = [
        Tile(WORDS["investment"], money(spent, code), Text("without replacements", "不含更新改造")),
        Tile(label, money(abs(books.net), code), Text("a year", "每年")),
    ]
    finance = facts.subject.finance
    if finance is not None:
        figures = finance.appraisal.measures
        tone = "good" if (figures.project_npv or 0) >= 0 else "bad"
        found += [
            Tile(MEASURES["project_npv"], money(figures.project_npv, code), _at(facts), tone),
            Tile(MEASURES["project_irr"], same(percent(figures.project_irr)), _equity(facts)),
            Tile(
                MEASURES["project_lcoe"],
                price(figures.project_lcoe, "MWh", code),
                Text("bought power included", "含外购电"),
            ),
        ]
    met, judged = counted(facts.rules)
    if judged:
        tone = "good" if met == judged else "bad"
        found.append(Tile(WORDS["rules"], same(f"{met} / {judged}"), WORDS["met"], tone))
    share = percent(facts.shares.self_supply)
    found.append(Tile(WORDS["self_supply"], same(share), _curtailed(facts)))
    found.append(_carbon(facts))
    return found


def _at(facts: Facts) -> Text:
    assert facts.subject.finance is not None
    rate = percent(facts.subject.finance.terms.nominal_rate)
    return Text("discounted at {}", "折现率 {}").format(rate)


def _equity(facts: Facts) -> Text:
    assert facts.subject.finance is not None
    return Text("equity {}", "资本金 {}").format(
        percent(facts.subject.finance.appraisal.measures.equity_irr)
    )


def _curtailed(facts: Facts) -> Text:
    return Text("{} curtailed", "弃电 {}").format(percent(facts.shares.curtailment))


def _carbon(facts: Facts) -> Tile:
    account = facts.subject.carbon
    saved = 1 - account.emissions / account.reference if account.reference > 0 else None
    remark = Text("{} less than on grid power", "较全网电降低 {}").format(percent(saved))
    shown = same(emissions(account.emissions))
    return Tile(WORDS["emissions"], shown, remark if exists(saved) else same(""))
