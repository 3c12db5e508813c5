"""Fields that take a quantity of whatever their node carries; see `zeroplant.units.amount`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from zeroplant.errors import InputError, Problem
from zeroplant.units.amount import FORMS, Amount, AmountRange, What
from zeroplant.units.capacity import SizeRange
from zeroplant.units.text import split


@dataclass(frozen=True)
class OfCarrier:
    """Marks a field as a quantity of what its node carries: ``Annotated[Amount, OfCarrier(…)]``.

    In a plant file it must carry its unit, except a bare zero; from Python a number is in the
    node's unit. ``ge`` and ``gt`` may only be 0: they hold whatever the unit. ``sized`` also
    takes a mapping of ``min``, ``max`` and ``step``, and gives an `AmountRange`. ``such_as`` are
    better examples than those of any carrier.
    """

    what: What
    ge: float | None = None
    gt: float | None = None
    sized: bool = False
    such_as: tuple[str, ...] = ()
    _keys: tuple[str, ...] = field(default=("min", "max", "step"), init=False, repr=False)

    @property
    def unit(self) -> str:
        """Nothing: the unit stands with the value. Reports ask every mark for it."""
        return ""

    def read(self, value: object, *, currency: str = "CNY", strict: bool = False) -> Amount:
        """A value from a file or from Python. Raises InputError."""
        if isinstance(value, str):
            amount = self._parsed(value, currency)
        elif isinstance(value, Amount):
            amount = value
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            shown = "nothing" if value is None else _shown(value)
            raise InputError(
                Problem(f"{shown} is not {self.called}", instead=self.instead(currency))
            )
        elif strict and value != 0:
            raise InputError(Problem(f"{value} has no unit", instead=self.instead(currency)))
        else:
            amount = Amount(float(value), currency=currency)
        low = (self.ge is not None and amount.value < self.ge) or (
            self.gt is not None and amount.value <= self.gt
        )
        if low:
            side, instead = ("below", "0 or more") if self.gt is None else ("not above", "more")
            raise InputError(Problem(f"'{amount}' is {side} 0", instead=f"write {instead}"))
        return amount

    @property
    def called(self) -> str:
        """What the field takes, in words."""
        called = FORMS[self.what].called
        return called.removesuffix(" of what the node carries") if self.such_as else called

    @property
    def examples(self) -> list[str]:
        """How a user would write one, for the usual units of nodes."""
        return list(self.such_as or FORMS[self.what].examples[:-1])

    def instead(self, currency: str = "CNY") -> str:
        """What to write instead of something else."""
        shown = [f"'{each.replace('CNY', currency)}'" for each in self.examples]
        return f"write one such as {', '.join(shown[:-1])} or {shown[-1]}"

    def _parsed(self, text: str, currency: str) -> Amount:
        first = FORMS[self.what].units[0]
        try:
            number, written = split(text, first, currency)
        except InputError as error:
            (problem,) = error.problems
            if "separators" in problem.what:
                raise
            raise InputError(Problem(f"{_shown(text)} is not {self.called}",
                                     instead=self.instead(currency))) from None  # fmt: skip
        if not written and float(number):
            raise InputError(Problem(f"{number} has no unit", instead=self.instead(currency)))
        amount = Amount(float(number), written, currency)
        if written and not any(amount.measures(each) for each in FORMS[self.what].units):
            what = f"{_shown(text)} is {amount.called()}, not {self.called}"
            raise InputError(Problem(what, instead=self.instead(currency)))
        return amount

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """One quantity; a mapping is read as a range where sizes may be chosen."""
        number = core_schema.with_info_plain_validator_function(self._validate)
        plainly = core_schema.plain_serializer_function_ser_schema(
            lambda value: value.plain() if value is not None else None, when_used="json"
        )
        if not self.sized:
            return core_schema.with_info_plain_validator_function(
                self._validate, serialization=plainly
            )
        bound = core_schema.typed_dict_field(number, required=False)
        mapping = core_schema.typed_dict_schema(
            dict.fromkeys(self._keys, bound), extra_behavior="forbid"
        )
        return core_schema.tagged_union_schema(
            choices={
                "number": number,
                "range": core_schema.no_info_after_validator_function(_range, mapping),
                "given": core_schema.no_info_plain_validator_function(_given),
            },
            discriminator=_form,
            serialization=plainly,
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A quantity, or a mapping of quantities where sizes may be chosen."""
        one: JsonSchemaValue = {
            "type": ["string", "integer"],
            "minimum": 0,  # these two speak of bare numbers only: of them, a zero is allowed
            "maximum": 0,
            "description": self.called,
            "examples": self.examples,
        }
        if not self.sized:
            return one
        described = {"description": "a size to be chosen", "additionalProperties": False}
        choice = {"type": "object", "properties": dict.fromkeys(self._keys, one), **described}
        return {"anyOf": [one, choice]}

    def _validate(self, value: Any, info: ValidationInfo) -> Amount:
        known = info.context if isinstance(info.context, dict) else {}
        return self.read(value, currency=known.get("currency", "CNY"), strict="file" in known)


def _form(value: object) -> str:
    """Which of the forms a size was written in."""
    if isinstance(value, (AmountRange, SizeRange)):
        return "given"
    return "range" if isinstance(value, dict) else "number"


def _given(value: AmountRange | SizeRange) -> AmountRange:
    """A range from Python; one without units is in the node's unit."""
    if isinstance(value, AmountRange):
        return value
    step = None if value.step is None else Amount(value.step)
    return AmountRange(Amount(value.min), Amount(value.max), step)


def _range(bounds: dict[str, Amount]) -> AmountRange:
    """The range of a mapping whose members are checked; its bounds must go together."""
    found = AmountRange(**bounds)
    units = [each.unit for each in found.bounds]
    for each in found.bounds:
        if not each.measures(units[0]):
            what = f"'{each}' does not measure the same as '{found.bounds[0]}'"
            raise ValueError(Problem(what, instead="write min, max and step in one unit"))
    found.into(units[0] if units else "1")
    return found


def _shown(value: object) -> str:
    """A value as it was written, shortly and on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    line = " ".join(str(value).split())
    return f"'{line if len(line) <= 40 else line[:37] + '...'}'"


CarriedFlow = Annotated[Amount, OfCarrier("flow", ge=0)]
CarriedAmount = Annotated[Amount, OfCarrier("amount", ge=0)]
CarriedPrice = Annotated[Amount, OfCarrier("price")]
CarriedCost = Annotated[Amount, OfCarrier("price", ge=0)]
CarriedFactor = Annotated[Amount, OfCarrier("emission factor", ge=0)]
CarriedFlowPrice = Annotated[Amount, OfCarrier("flow price", ge=0)]
CarriedUse = Annotated[Amount, OfCarrier("energy use", ge=0)]
CarriedFlowCapacity = Annotated[Amount | AmountRange, OfCarrier("flow", ge=0, sized=True)]
CarriedCapacity = Annotated[Amount | AmountRange, OfCarrier("amount", ge=0, sized=True)]
