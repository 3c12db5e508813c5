"""The device templates that ship with the package, and templates of the user's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from zeroplant.errors import InputError, Problem, suggestion
from zeroplant.files import load_yaml, problems_of
from zeroplant.links.dlt645_template import Dlt645Template
from zeroplant.links.modbus_template import ModbusTemplate
from zeroplant.links.mqtt_template import MqttTemplate

Template = Annotated[
    ModbusTemplate | MqttTemplate | Dlt645Template, Field(discriminator="protocol")
]
FOLDER = Path(__file__).parent / "templates"

_ANY: TypeAdapter[ModbusTemplate | MqttTemplate | Dlt645Template] = TypeAdapter(Template)


def read_template(path: Path) -> ModbusTemplate | MqttTemplate | Dlt645Template:
    """A template from a YAML file; InputError with every problem, each with its line."""
    file = load_yaml(path)
    try:
        return _ANY.validate_python(file.data)
    except ValidationError as error:
        raise InputError(problems_of(error, file, model=_ANY)) from None


@cache
def shipped() -> dict[str, Path]:
    """The templates that ship with the package, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def template(name: str | Path) -> ModbusTemplate | MqttTemplate | Dlt645Template:
    """A shipped template by its name, or one of your own by the path of its ``.yaml`` file.

    Raises InputError naming the templates there are, or every problem of the file.
    """
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        return read_template(Path(name))
    if name not in shipped():
        instead = suggestion(name, shipped())
        raise InputError(Problem(f"there is no device template '{name}'", instead=instead))
    return read_template(shipped()[name])
