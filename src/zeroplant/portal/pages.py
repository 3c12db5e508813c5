"""Pages: templates rendered for a visitor in their language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

import zeroplant
from zeroplant.portal.gate import Visitor
from zeroplant.portal.language import language_of, say


def page(
    request: Request,
    template: str,
    *,
    visitor: Visitor | None = None,
    status: int = 200,
    **words: Any,
) -> HTMLResponse:
    """A page for a visitor; ``words`` are what the template speaks of."""
    language = language_of(request)
    here: Mapping[str, Any] = {
        "language": language,
        "say": partial(_say, language),
        "visitor": visitor,
        "form_key": visitor.session.form_key if visitor and visitor.session else "",
        "path": request.url.path,
        "version": zeroplant.__version__,
    }
    text = _environment().get_template(template).render({**here, **words})
    return HTMLResponse(text, status, {"content-language": language})


def _say(language: str, word: str, *values: object) -> str:
    return say(word, language, *values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("zeroplant.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
