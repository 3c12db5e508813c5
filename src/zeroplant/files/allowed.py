"""Which keys a model allows at a place, so that a misspelt one can be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema

Schema = dict[str, Any]


def schema_of(model: type[BaseModel] | TypeAdapter[Any] | None) -> Schema:
    """JSON schema of a model; empty when there is none."""
    try:
        if isinstance(model, TypeAdapter):
            return model.json_schema()
        return model.model_json_schema() if model else {}
    except PydanticInvalidForJsonSchema:
        return {}


def allowed_keys(schema: Schema, loc: tuple[str | int, ...]) -> list[str]:
    """Keys a mapping at ``loc`` may have; parts of ``loc`` may be names of union branches."""
    branches = list(_expand(schema, schema))
    for part in loc:
        below = [child for branch in branches for child in _below(branch, part)]
        if below:
            branches = [each for child in below for each in _expand(schema, child)]
        else:
            branches = [branch for branch in branches if _tagged(branch, part)] or branches
    return list(dict.fromkeys(key for branch in branches for key in branch.get("properties", ())))


def _expand(root: Schema, branch: Schema) -> Iterator[Schema]:
    """A schema's alternatives, with references followed."""
    if "$ref" in branch:
        name = str(branch["$ref"]).rsplit("/", 1)[-1]
        yield from _expand(root, root.get("$defs", {}).get(name, {}))
        return
    alternatives = [each for key in ("anyOf", "oneOf", "allOf") for each in branch.get(key, ())]
    for each in alternatives:
        yield from _expand(root, each)
    if not alternatives:
        yield branch


def _below(branch: Schema, part: str | int) -> list[Schema]:
    """Schemas of the member ``part`` of a mapping or list."""
    if isinstance(part, int):
        members = branch.get("prefixItems", [])
        child = members[part] if part < len(members) else branch.get("items")
    else:
        child = branch.get("properties", {}).get(part, branch.get("additionalProperties"))
    return [child] if isinstance(child, dict) else []


def _tagged(branch: Schema, part: str | int) -> bool:
    """Whether a branch of a union is the one of this name, such as ``kind: wind``."""
    return any(part == each.get("const") for each in branch.get("properties", {}).values())
