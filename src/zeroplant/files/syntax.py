"""The YAML parser's complaints in words for people who write plant files."""

from __future__ import annotations

import re

import yaml

from zeroplant.errors import Problem

_REASONS = (
    # part of what the parser says: (what is wrong, what to write instead)
    ("mapping values are not allowed", "a ':' where none is expected",
     "check the indentation, and put text with ': ' in it in quotes"),
    ("expected ':'", "a line without a value", "write it as 'key: value'"),
    ("expected key", "this line does not fit the ones above",
     "check its indentation, and that no '- ' or closing bracket is missing"),
    ("expected '-' indicator", "this line does not fit the list above",
     "check its indentation, or begin it with '- '"),
    ("expected ',' or ']'", "a list in brackets is not closed", "add ',' or ']'"),
    ("expected ',' or '}'", "a mapping in braces is not closed", "add ',' or '}'"),
    ("unexpected end of stream", "a quoted text is not closed", "add the closing quote"),
    ("expected node content", "a value is missing", "write one after ':' or '-'"),
    ("expected <document start>", "this line does not fit the ones above",
     "check its indentation"),
    ("block sequence entries are not allowed", "a '- ' where no list is expected",
     "begin the list on a line of its own"),
    ("block mapping keys are not allowed", "a key where none is expected", "check the indentation"),
    ("unknown escape", "a backslash in a quoted text", "use single quotes or write '\\\\'"),
    ("tag", "a word begins with '!'", "put it in quotes"),
)  # fmt: skip


def explain(error: yaml.YAMLError, text: str) -> Problem:
    """One line about a syntax error, with its line number where the parser knows it."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Problem("a control character stands in the text", instead="remove it", line=line)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = " ".join(str(part) for part in (getattr(error, "problem", ""),) if part)
    if mark is None:
        return Problem("the file is not YAML")
    lines = text.splitlines()
    # an error at the end of a file belongs to its last line with text
    line = min(mark.line, max((n for n, each in enumerate(lines) if each.strip()), default=0)) + 1
    start = getattr(error, "context_mark", None)
    begun = "end of stream" in said or "expected ':'" in said  # noticed only further down
    if begun and start is not None:
        line = start.line + 1
    here = lines[line - 1] if lines else ""
    if re.match(r" *\t", here):
        return Problem("a tab in the indentation", instead="indent with spaces", line=line)
    if "cannot start any token" in said:
        found = here[mark.column : mark.column + 1] if line == mark.line + 1 else ""
        return Problem(f"a value begins with '{found}'", instead="put it in quotes", line=line)
    for part, what, instead in _REASONS:
        if part in said:
            return Problem(what, instead=instead, line=line)
    return Problem(f"this is not YAML ({said})", line=line)
