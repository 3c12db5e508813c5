"""The plant with all asset kinds there are: what a file is checked by, and its JSON schema."""

from __future__ import annotations

from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, create_model

from zeroplant.assets import kinds
from zeroplant.plant.names import Name
from zeroplant.plant.schema import Plant


@cache
def plant_model() -> type[Plant]:
    """The plant with every asset kind, told apart by its ``kind``."""
    union = reduce(or_, kinds().values())
    asset = Annotated[union, Field(discriminator="kind")]  # type: ignore[valid-type]
    about = Plant.model_fields["assets"].description
    field = Field(min_length=1, description=about)
    return create_model("Plant", __base__=Plant, assets=(dict[Name, asset], field))


def json_schema() -> dict[str, Any]:
    """JSON schema of a plant file (draft 2020-12), for editors that complete and check YAML."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "zeroplant plant file",
    }
    schema = plant_model().model_json_schema()
    for section in schema["properties"].values():
        if "patternProperties" in section:  # a name of another pattern is none
            section["additionalProperties"] = False
    return head | {key: part for key, part in schema.items() if key != "title"}
