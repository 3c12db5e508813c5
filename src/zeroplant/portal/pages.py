"""Pages: templates rendered for a visitor in their language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

import zeroplant
from zeroplant.plan.report.figures import COUNTED
from zeroplant.plan.report.text import Text
from zeroplant.portal.alarm_board import Count, counted
from zeroplant.portal.answers import answer_told
from zeroplant.portal.figures import exact, figure, fit, limits, plain, share, span, unit_said
from zeroplant.portal.gate import Visitor, service_of
from zeroplant.portal.language import LANGUAGES, language_of, say
from zeroplant.portal.moments import between, local, speed_of
from zeroplant.portal.navigation import Navigation, Way
from zeroplant.portal.present import present
from zeroplant.portal.vendored import echarts


def page(
    request: Request,
    template: str,
    *,
    visitor: Visitor | None = None,
    status: int = 200,
    **words: Any,
) -> HTMLResponse:
    """A page for a visitor; ``words`` are what the template speaks of.

    The template's name without its endings is that of its file of phrases.
    """
    language, name = language_of(request), template.partition(".")[0]
    plant, names = service_of(request).plant, service_of(request).names
    here: Mapping[str, Any] = {
        "language": language,
        "colon": "：" if language == "zh" else ": ",
        "say": partial(_say, name, language),
        "say_of": lambda part: partial(_say, part, language),
        "local": partial(local, zone=plant.time.zone),
        "between": partial(between, zone=plant.time.zone),
        "tell": partial(_tell, language),
        "answer_told": partial(answer_told, names=names),
        "node": names.node,
        "figure": figure,
        "exact": exact,
        "plain": plain,
        "limits": limits,
        "unit_said": unit_said,
        "counted": COUNTED,
        "share": share,
        "span": span,
        "fit": fit,
        "zone": plant.time.zone,
        "echarts": echarts(),
        "visitor": visitor,
        "ways": _ways(request, visitor),
        "alarm_count": _alarm_count(request, visitor),
        "form_key": visitor.session.form_key if visitor and visitor.session else "",
        "path": request.url.path,
        "speed": speed_of(request.app.state.watch.image) if visitor else 1.0,
        "version": zeroplant.__version__,
    }
    text = _environment().get_template(template).render({**here, **words})
    return HTMLResponse(text, status, {"content-language": language})


def _say(name: str, language: str, word: str, *values: object) -> str:
    return say(name, word, language, *values)


def _tell(language: str, text: Text) -> str:
    """Of a text in both languages that of the visitor."""
    return text[LANGUAGES.index(language)]


def _ways(request: Request, visitor: Visitor | None) -> list[Way]:
    """Where a visitor may go; nowhere before they have come in with a password of their own."""
    if visitor is None or visitor.person.must_change:
        return []
    navigation: Navigation = request.app.state.navigation
    return navigation.shown(visitor.person, request.url.path)


def _alarm_count(request: Request, visitor: Visitor | None) -> Count | None:
    """The alarms somebody may see, counted; None before they have come in."""
    if visitor is None or visitor.person.must_change:
        return None
    return counted(present(request, visitor))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("zeroplant.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
