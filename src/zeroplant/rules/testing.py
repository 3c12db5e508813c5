"""The worked examples of a pack, worked out."""

from __future__ import annotations

from dataclasses import dataclass

from zeroplant.rules.account import complete
from zeroplant.rules.factors import factor_of
from zeroplant.rules.pack import Pack
from zeroplant.rules.proving import result
from zeroplant.rules.worked import Example


@dataclass(frozen=True)
class ExampleResult:
    """One figure of a worked example: what the pack says it is, and what the program computes."""

    pack: str
    example: str
    figure: str
    expected: float
    got: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether both agree within the tolerance."""
        return abs(self.got - self.expected) <= self.tolerance * max(1.0, abs(self.expected))


def test(pack: Pack) -> list[ExampleResult]:
    """Work out every example of a pack; the pack is sound when all results have passed."""
    return [figure for example in pack.examples for figure in _work_out(pack, example)]


test.__test__ = False  # type: ignore[attr-defined]  # an action for users, no test of pytest's


def _work_out(pack: Pack, example: Example) -> list[ExampleResult]:
    chosen = {"year": example.year, "project_class": example.project_class}
    pack = pack.model_copy(update=chosen)
    if example.account is None:
        assert isinstance(example.expect, float)
        figure = example.formula or f"{example.region} {example.year or ''}".strip()
        got = (
            pack.amount(example.formula, **example.inputs)
            if example.formula
            else factor_of(pack, str(example.region), example.year, kind=example.kind).value
        )
        return [_compared(pack, example, figure, example.expect, got)]
    assert isinstance(example.expect, dict)
    numbers = complete(example.account)
    results = []
    for name, expected in example.expect.items():
        spec = pack.indicator(name)
        found = result(pack, spec, numbers)
        pairs = {
            name: (expected.value, found.value),
            f"{name} margin": (expected.margin, found.margin),
            f"{name} met": (expected.met, found.met),
        }
        results += [
            _compared(pack, example, what, wanted, got) for what, (wanted, got) in pairs.items()
        ]
    return results


def _compared(
    pack: Pack, example: Example, figure: str, expected: float, got: float | None
) -> ExampleResult:
    number = float("nan") if got is None else float(got)
    return ExampleResult(
        pack.name, example.name, figure, float(expected), number, example.tolerance
    )
