"""The description of the API says everything: each field, its unit, each answer, nothing left free.

It is walked as other systems read it, from `openapi.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from tests.portal.doors import opened
from zeroplant.portal.app import application
from zeroplant.portal.service import Service

UNIT = re.compile(
    r"\b(MWh?|kgCO2(/MWh)?|tCO2|h|s|ms|min|days|1/a|0…1|0 to 1|money|currency|units?)\b|"
    r"\b(number|how many|as many times|code)\b"
)
"""A unit by its sign or name, or words for what has none: numbers of things, counts, codes."""
FILES = {"POST /api/v1/plan/file"}
"""What answers with a file that has a description of its own: the plant's."""


NAMED = {"properties", "additionalProperties"}
REFUSALS = {"400", "401", "403", "404", "408", "413", "421", "422", "500", "503"}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    service = opened(tmp_path_factory.mktemp("described"))
    app = application(service)
    found: dict[str, Any] = app._inner.openapi()  # type: ignore[attr-defined]
    service.close()
    return found


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all that it is made of, but for what it refers to by name."""
    yield schema
    inner = [schema.get("items"), schema.get("additionalProperties")]
    for each in [*inner, *schema.get("anyOf", ()), *schema.get("properties", {}).values()]:
        if isinstance(each, dict):
            yield from parts(each)


def free(schema: dict[str, Any]) -> bool:
    """Whether anything at all would fit."""
    return any(
        part.get("additionalProperties") is True
        or not part.keys() & {"type", "$ref", "anyOf", "const", "enum"}
        or (part.get("type") == "array" and not part.get("items", part.get("prefixItems")))
        or (part.get("type") == "object" and not part.keys() & NAMED)
        for part in parts(schema)
    )  # fmt: skip


def numeric(schema: dict[str, Any]) -> bool:
    return any(part.get("type") in ("number", "integer") for part in parts(schema))


def fields(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of every body, and every parameter."""
    for name, schema in described["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            yield f"{name}.{field}", said
    for route, operation in operations(described):
        for parameter in operation.get("parameters", ()):
            said = {"description": parameter.get("description", ""), **parameter["schema"]}
            yield f"{route} {parameter['name']}", said | {
                "description": parameter.get("description", "")}  # fmt: skip


def test_every_field_is_described(described: dict[str, Any]) -> None:
    assert [name for name, said in fields(described) if not said.get("description")] == []


def test_every_number_has_its_unit(described: dict[str, Any]) -> None:
    without = [name for name, said in fields(described)
               if numeric(said) and not UNIT.search(said["description"])]  # fmt: skip
    assert without == []


def test_nothing_is_left_free(described: dict[str, Any]) -> None:
    """No field in which anything may stand, no object without names, no list of anything."""
    assert [name for name, said in fields(described) if free(said)] == []
    schemas = described["components"]["schemas"]
    assert [n for n, said in schemas.items() if free(said) or not said.get("description")] == []


def test_every_answer_is_described(described: dict[str, Any]) -> None:
    """What is answered where all is well, with its shape, and what is where it is not."""
    asked = 0
    for route, operation in operations(described):
        asked += 1
        assert operation.get("description"), route
        assert operation.get("summary"), route
        answers = operation["responses"]
        assert {"400", "401", "403", "404", "408", "413", "421", "422", "500", "503"} <= set(
            answers
        )
        for code, answer in answers.items():
            assert answer["description"] not in ("", "Successful Response"), (route, code)
            if code == "204":
                continue
            assert answer.get("content"), (route, code)
            for kind, said in answer["content"].items():
                assert said.get("schema"), (route, code, kind)
                assert route in FILES or not free(said["schema"]), (route, code, kind)
        body = operation.get("requestBody")
        assert body is None or all(not free(each["schema"]) for each in body["content"].values())
    assert asked > 30


def test_every_route_of_the_api_is_in_it(described: dict[str, Any], service: Service) -> None:
    """None is hidden, and each names the shape of its answer, or the kind of its file."""
    app = application(service)
    told = {route for route, _ in operations(described)}
    for route in iter_route_contexts(app._inner.routes):  # type: ignore[attr-defined]
        if not isinstance(route.original_route, APIRoute) or "/api/" not in str(route.path):
            continue
        shaped = route.original_route.response_model is not None
        empty = route.original_route.status_code == 204
        file = isinstance(route.original_route.response_class, type)
        assert shaped or empty or file, route.path
        assert {f"{method} {route.path}" for method in route.methods or ()} <= told
    service.close()
