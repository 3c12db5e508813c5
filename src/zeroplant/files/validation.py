"""What pydantic found wrong, as problems with a file, a line and what to write instead."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from zeroplant.errors import Problem
from zeroplant.files.allowed import Schema, allowed_keys, allowed_tags, description, schema_of
from zeroplant.files.yamlfile import Loc, YamlFile


def problems_of(
    error: ValidationError,
    file: YamlFile,
    prefix: Loc = (),
    model: type[BaseModel] | TypeAdapter[Any] | None = None,
) -> list[Problem]:
    """Every complaint of a validation, placed in the file and ordered by line.

    ``prefix`` is where in the file the validated data stands. ``model`` is what it was validated
    by; from it come the keys that may have been meant. A problem of another file keeps its place.
    """
    schema = schema_of(model)
    details = _telling(error.errors(include_url=False))
    found = {}
    for detail in details:
        loc = [*prefix, *_real(detail["loc"], _at(file.data, prefix))]
        for problem in _causes(detail) or [_problem(detail, schema, str(loc[-1]) if loc else "")]:
            placed = problem if problem.file else _placed(problem, file, loc)
            found[str(problem), placed.line] = placed
    return sorted(found.values(), key=lambda problem: problem.line)


def _placed(problem: Problem, file: YamlFile, loc: Loc) -> Problem:
    """A problem at ``loc``, or below it where its own place can be followed in the file."""
    parts = problem.where.split(".") if problem.where else []
    inside = [int(part) if part.isdecimal() else part for part in parts]
    if inside and _real(tuple(inside), _at(file.data, loc)) == inside:
        return file.problem(problem.what, [*loc, *inside], instead=problem.instead)
    what = f"{problem.where}: {problem.what}" if inside else problem.what
    return file.problem(what, loc, instead=problem.instead)


def _causes(detail: ErrorDetails) -> list[Problem]:
    """What our own validators said: the problems a ValueError carries, or its text."""
    cause = detail.get("ctx", {}).get("error")
    if not isinstance(cause, Exception):
        return []
    carried = getattr(cause, "problems", cause.args)
    return [each for each in carried if isinstance(each, Problem)] or [Problem(str(cause))]


def _problem(detail: ErrorDetails, schema: Schema, key: str) -> Problem:
    """What one complaint says, without its place."""
    kind, given = detail["type"], detail.get("input")
    if kind == "extra_forbidden":
        return _unknown(key, allowed_keys(schema, detail["loc"][:-1]))
    if kind == "missing":
        about = description(schema, detail["loc"])
        instead = f"add it: {about}" if about else ""
        return Problem(f"the key '{detail['loc'][-1]}' is missing", instead=instead)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _tag(detail, schema)
    wanted = _WANTED.get(kind)
    if wanted:
        return Problem(f"{_words(given)} is not {wanted[0]}", instead=wanted[1])
    if kind in ("too_short", "string_too_short"):
        return Problem("nothing stands here", instead="write something")
    if kind in _BOUNDS:
        bound, (side, instead) = next(iter(detail["ctx"].values())), _BOUNDS[kind]
        instead = f"write {instead.format(f'{bound:g}')}"
        if bound == 1 and isinstance(given, (int, float)) and 1 <= given < 100:
            instead += f", or with its sign as '{given:g} %'"
        return Problem(f"{_words(given)} is {side} {bound:g}", instead=instead)
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if message != detail["msg"] and kind != "value_error":
        return Problem(f"{_words(given)} is not allowed", instead=f"it should be {message}")
    return Problem(message)


_WANTED = {
    # pydantic's name of the error: (what is wanted, what to write instead)
    "string_type": ("text", "put it in quotes if it is meant as text"),
    "bool_type": ("true or false", "write true or false"),
    "bool_parsing": ("true or false", "write true or false"),
    "float_type": ("a number", "write a plain number"),
    "float_parsing": ("a number", "write a plain number"),
    "finite_number": ("a finite number", "write a plain number"),
    "int_type": ("a whole number", "write one such as 3"),
    "int_parsing": ("a whole number", "write one such as 3"),
    "int_from_float": ("a whole number", "write one such as 3"),
    "list_type": ("a list", "write its members on lines that begin with '- '"),
    "tuple_type": ("a list", "write its members on lines that begin with '- '"),
    "dict_type": ("a mapping", "write 'key: value' on the lines below it"),
    "model_type": ("a mapping", "write 'key: value' on the lines below it"),
    "model_attributes_type": ("a mapping", "write 'key: value' on the lines below it"),
    "datetime_parsing": ("a time", "write it as 2025-01-01T00:00+08:00"),
    "datetime_from_date_parsing": ("a time", "write it as 2025-01-01T00:00+08:00"),
    "date_from_datetime_parsing": ("a date", "write it as 2025-01-01"),
    "date_parsing": ("a date", "write it as 2025-01-01"),
}


_BOUNDS = {
    # pydantic's name of the error: (on which side of the bound, what to write instead)
    "greater_than": ("not above", "more than {}"),
    "greater_than_equal": ("below", "{} or more"),
    "less_than": ("not below", "less than {}"),
    "less_than_equal": ("above", "{} or less"),
}


def _unknown(key: str, allowed: list[str]) -> Problem:
    if key in allowed:  # of another form of the same field
        return Problem(f"the key '{key}' does not go with the others here", instead="remove one")
    near = get_close_matches(key, allowed, n=1, cutoff=0.6)
    if near:
        return Problem(f"unknown key '{key}'", instead=f"did you mean '{near[0]}'?")
    listed = ", ".join(allowed)
    return Problem(f"unknown key '{key}'", instead=f"known here: {listed}" if listed else "")


def _telling(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Complaints of the branch that was meant, where a field is one of some words or a list.

    A wrong word is not also "not a list", and a list with a wrong member not also a wrong word.
    """
    unions = [
        detail["loc"][:-1]
        for detail in details
        if detail["type"] == "literal_error" and str(detail["loc"][-1]).startswith("literal[")
    ]

    def meant(detail: ErrorDetails) -> bool:
        place, a_list = detail["loc"][:-1], isinstance(detail.get("input"), list)
        if place not in unions:
            return True
        return detail["type"] != "literal_error" if a_list else not detail["type"].endswith("_type")

    return [detail for detail in details if meant(detail)]


def _tag(detail: ErrorDetails, schema: Schema) -> Problem:
    """An entry of several kinds names none, or one that is not known."""
    context = detail.get("ctx", {})
    key = str(context.get("discriminator", "")).strip("'")
    if detail["type"] == "union_tag_not_found":
        tags = ", ".join(allowed_tags(schema, detail["loc"], key))
        return Problem(f"the key '{key}' is missing", instead=f"write one of: {tags}")
    tag = str(context.get("tag", ""))
    expected = [part.strip(" '") for part in str(context.get("expected_tags", "")).split(",")]
    near = get_close_matches(tag, expected, n=1, cutoff=0.5)
    instead = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(expected)}"
    return Problem(f"unknown {key} '{tag}'", instead=instead)


def _words(value: object) -> str:
    """A value of the wrong kind, shortly and in YAML's words."""
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    line = " ".join(str(value).split())
    return f"'{line if len(line) <= 60 else line[:57] + '...'}'"


def _at(data: object, loc: Loc) -> object:
    """The data at a place, or None."""
    for part in loc:
        known = isinstance(data, (dict, list))
        data = data[part] if known and _holds(data, part) else None  # type: ignore[index]
    return data


def _holds(data: object, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and 0 <= part < len(data)


def _real(loc: tuple[str | int, ...], data: object) -> list[str | int]:
    """The parts of pydantic's place that are in the file; the rest are names of its branches."""
    real: list[str | int] = []
    for number, part in enumerate(loc):
        if _holds(data, part):
            real.append(part)
            data = _at(data, [part])
        elif number == len(loc) - 1 and isinstance(data, dict):
            break  # a missing key: its place is the mapping that lacks it
    return real
