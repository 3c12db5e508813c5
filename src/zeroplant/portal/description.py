"""The description of the API: what every route may answer instead, and how one says who one is."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from zeroplant.portal.problems import REFUSALS

_REFUSED = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}


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
                for code in operation["responses"].keys() & {str(each) for each in REFUSALS}:
                    operation["responses"][code]["content"] = _REFUSED
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
