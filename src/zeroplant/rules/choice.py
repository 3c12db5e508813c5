"""What a plant file says about a rule: which pack, and where the project differs from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError

from zeroplant.errors import InputError, Problem
from zeroplant.rules.figures import Parameter
from zeroplant.rules.library import load
from zeroplant.rules.overrides import Faults, misfits, read_figures, read_quantities
from zeroplant.rules.pack import BREACH, Pack
from zeroplant.units import EnergyPrice


class RuleChoice(BaseModel):
    """One entry of a plant's ``rules``.

    ``pack``: a shipped pack's name or the path of a YAML file. ``year``: the year whose figures
    hold (the project's first year; by default the plan's). ``class``: the class of project, where
    figures go by class. ``breach``: price of breaking the rule. ``on`` / ``off``: indicators that
    shall or shall not bind the plan. ``given``: quantities per year that no asset models, such as
    solid waste. Any other key is a parameter of the pack that the project sets itself; setting an
    indicator's limit also makes it bind.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    pack: str
    year: int | None = None
    project_class: Annotated[str | None, Field(alias="class")] = None
    breach: EnergyPrice = BREACH
    on: list[str] = []
    off: list[str] = []
    given: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, said: object) -> object:
        """``rules: [cn-direct-connection-650]`` is the short form."""
        return {"pack": said} if isinstance(said, str) else said

    @field_validator("pack")
    @classmethod
    def _exists(cls, name: str, info: ValidationInfo) -> str:
        """Find the pack; the path of a file starts from the plant file's folder."""
        context = info.context if isinstance(info.context, dict) else {}
        if name.endswith((".yaml", ".yml")):
            path = Path(context.get("folder", "."), name)
            if not path.is_file():
                instead = "paths start at the plant file's folder"
                raise ValueError(Problem(f"there is no file '{name}'", instead=instead))
            name = str(path)
        try:
            load(name)
        except InputError as error:
            raise ValueError(*error.problems) from None
        return name

    @model_validator(mode="after")
    def _fits_the_pack(self, info: ValidationInfo) -> RuleChoice:
        context = info.context if isinstance(info.context, dict) else {}
        pack = load(self.pack)
        faults = read_figures(pack, self.figures, context)
        faults += read_quantities(self.given, context)
        faults += misfits(pack, self.on, self.off, self.project_class)
        if faults:
            raise _refusal(faults)
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The name of a pack alone, or the mapping."""
        alone = {"type": "string", "description": "name of a pack, taken as it is"}
        return {"anyOf": [alone, handler(schema)]}

    @property
    def figures(self) -> dict[str, Any]:
        """The parameters the plant sets itself, in their units."""
        return self.__pydantic_extra__ or {}

    def resolve(self, year: int) -> Pack:
        """The pack as this project meets it in its first ``year``.

        Raises InputError where a figure has not begun by then.
        """
        pack = load(self.pack)
        own = self.figures
        parameters = {
            name: _set_by_plant(parameter, own[name]) if name in own else parameter
            for name, parameter in pack.parameters.items()
        }
        indicators = [
            spec.model_copy(
                update={
                    "binding": spec.name not in self.off
                    and (spec.binding or spec.name in self.on or spec.limit in own)
                }
            )
            for spec in pack.indicators
        ]
        resolved = pack.model_copy(
            update={
                "parameters": parameters,
                "indicators": indicators,
                "year": self.year or year,
                "project_class": self.project_class,
                "breach": self.breach,
                "given": dict(self.given),
            }
        )
        for name in parameters:
            resolved.figure(name)
        return resolved


def _set_by_plant(parameter: Parameter, value: float) -> Parameter:
    source = f"set by the plant file (by default: {parameter.source})"
    return parameter.model_copy(update={"value": value, "source": source})


def _refusal(faults: Faults) -> ValidationError:
    """All faults as one error of pydantic, each at its own place in the file."""
    return ValidationError.from_exception_data(
        RuleChoice.__name__,
        [InitErrorDetails(type=_error(fault), loc=place, input=None) for place, fault in faults],
    )


def _error(fault: Problem) -> PydanticCustomError:
    return PydanticCustomError("rule", "{error}", {"error": ValueError(fault)})
