"""Which keys a model allows at a place, so that a misspelt one can be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema

Schema = dict[str, Any]


@lru_cache(maxsize=8)
def schema_of(model: type[BaseModel] | TypeAdapter[Any] | None) -> Schema:
    """JSON schema of a model, to be read only; empty when there is none.

    It is kept: that of a plant takes longer to make than all else there is to checking a file.
    """
    try:
        if isinstance(model, TypeAdapter):
            return model.json_schema()
        return model.model_json_schema() if model else {}
    except PydanticInvalidForJsonSchema:
        return {}


def allowed_keys(schema: Schema, loc: tuple[str | int, ...]) -> list[str]:
    """Keys a mapping at ``loc`` may have; parts of ``loc`` may be names of union branches."""
    branches = _branches(schema, loc)
    return list(dict.fromkeys(key for branch in branches for key in branch.get("properties", ())))


def allowed_tags(schema: Schema, loc: tuple[str | int, ...], key: str) -> list[str]:
    """Values of ``key`` that tell the branches of a union at ``loc`` apart."""
    entries = (branch.get("properties", {}).get(key, {}) for branch in _branches(schema, loc))
    return [str(entry["const"]) for entry in entries if "const" in entry]


def description(schema: Schema, loc: tuple[str | int, ...]) -> str:
    """What the entry at ``loc`` is for, as the model says it; empty where it says nothing."""
    for branch in _branches(schema, loc[:-1]):
        entry = branch.get("properties", {}).get(loc[-1], {})
        if "description" in entry:
            such_as = [f"such as {example}" for example in entry.get("examples", ())[:1]]
            return ", ".join([str(entry["description"]), *such_as])
    return ""


def _branches(schema: Schema, loc: tuple[str | int, ...]) -> list[Schema]:
    """Schemas of which one holds at ``loc``."""
    branches = list(_expand(schema, schema))
    for part in loc:
        below = [child for branch in branches for child in _below(branch, part)]
        if below:
            branches = [each for child in below for each in _expand(schema, child)]
        else:
            branches = [branch for branch in branches if _tagged(branch, part)] or branches
    return branches


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
        named = branch.get("properties", {}).get(part)
        others = [*branch.get("patternProperties", {}).values(), branch.get("additionalProperties")]
        return [each for each in ([named] if named else others) if isinstance(each, dict)]
    return [child] if isinstance(child, dict) else []


def _tagged(branch: Schema, part: str | int) -> bool:
    """Whether a branch of a union is the one of this name, such as ``kind: wind``."""
    return any(part == each.get("const") for each in branch.get("properties", {}).values())
