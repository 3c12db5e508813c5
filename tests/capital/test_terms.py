"""The finance section of a plant file, and the data files of the regimes."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from zeroplant.capital import CapitalItem, Project, Terms, YearLine, appraise, regime, regimes
from zeroplant.capital.regime import Figure
from zeroplant.errors import InputError


def test_a_section_as_written_in_a_file() -> None:
    """Percentages are read as such; the rest keeps its default."""
    section = {
        "years": 20,
        "discount_rate": "6.5 %",
        "income_tax": "western",
        "debt": {"share": "70 %", "rate": "3.2 %", "tenor": 15, "repayment": "sculpted"},
    }
    terms = Terms.model_validate(section, context={"file": "plant.yaml"})
    assert terms.discount_rate == pytest.approx(0.065)
    assert terms.debt is not None
    assert (terms.debt.share, terms.debt.rate) == (pytest.approx(0.7), pytest.approx(0.032))
    assert terms.regime == "cn-2026"


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"regime": "atlantis"}, "no tax regime 'atlantis'"),
        ({"income_tax": "eastern"}, "did you mean 'western'"),
        ({"debt": {}}, "nothing says how large the debt is"),
        ({"debt": {"share": 0.5, "target_dscr": 1.3}}, "leave one of them out"),
        ({"debt": {"share": 0.9}}, "above 0.8, the most under cn-2026"),
        ({"years": 10, "debt": {"share": 0.5, "tenor": 15}}, "runs 15 years, the project 10"),
        ({"discont_rate": 0.08}, "Extra inputs"),
        ({"years": 0}, "greater than or equal to 1"),
    ],
)
def test_wrong_sections_are_named(section: dict[str, object], words: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(ValidationError, match=words):
        Terms.model_validate(section)


def test_impossible_projects_are_named_all_at_once() -> None:
    """Every wrong figure is in the one error."""
    with pytest.raises(InputError) as caught:
        Project(
            (
                CapitalItem("sun", -5.0, life=0.2),
                CapitalItem("w", 1, construction=0.4),
            ),
            (YearLine("sun", "power", "revenue", 1, "MWh", 1, float("nan")),),
        )
    assert len(caught.value.problems) == 4


def test_an_unknown_depreciation_class_is_named() -> None:
    """With the classes there are."""
    project = Project((CapitalItem("x", 10.0, asset_class="castle"),), ())
    with pytest.raises(InputError, match=r"no depreciation class 'castle'.*take one of default"):
        appraise(project, Terms())


@pytest.mark.parametrize("name", regimes())
def test_every_figure_of_a_regime_has_a_source(name: str) -> None:
    """Rules are data: a figure without a document and a confidence is not a rule."""
    rules = regime(name)

    def figures(thing: object) -> list[Figure]:
        if isinstance(thing, Figure):
            return [thing]
        parts = thing.values() if isinstance(thing, dict) else vars(thing).values()
        return [
            f
            for part in parts
            if hasattr(part, "__dict__") or isinstance(part, dict)
            for f in figures(part)
        ]

    found = figures(rules)
    assert rules.id == name
    assert len(found) > 15
    assert all(len(figure.source) > 3 for figure in found)
    assert len(rules.vat) == 8
