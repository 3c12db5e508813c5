"""The description of the API: what every route may answer instead, and how one says who one is."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

_REFUSED = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}


_UNSAID = "Successful Response"
"""What the framework says of an answer of which a route says nothing: there its own words do."""


def describe(app: FastAPI) -> None:
    """Have an application describe itself wholly; refusals are JSON whatever the answer else is."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        schema = plain()
        schema["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "a token of a person"}
        }
        schema["security"] = [{"token": []}]
        for route in schema["paths"].values():
            for operation in route.values():
                for code, answer in operation["responses"].items():
                    if int(code) >= 400:
                        answer["content"] = _REFUSED
                    elif answer["description"] == _UNSAID:
                        answer["description"] = operation["description"].partition("\n")[0]
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
