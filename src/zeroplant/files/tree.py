"""A YAML document as a tree of entries that know their lines.

Grown from the parser's events rather than its nodes: the depth of nesting and the growth of
aliases are checked on the way, which keeps a hostile file from exhausting the stack or the memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

import yaml

from zeroplant.errors import Problem
from zeroplant.files.scalars import Scalar, scalar
from zeroplant.files.syntax import explain

DEEPEST = 40
MOST_COPIED = 100_000
"""Entries that all aliases of a file together may repeat."""

_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")


@dataclass
class Entry:
    """A scalar, list or mapping; a mapping keeps the line of each key."""

    kind: Literal["scalar", "list", "mapping"]
    line: int
    value: Scalar = None
    items: list[Entry] = field(default_factory=list)
    keys: dict[str, tuple[int, Entry]] = field(default_factory=dict)
    size: int = 1
    merged: set[str] = field(default_factory=set)  # keys that came by '<<'
    text: str = ""  # of an unquoted scalar, as written
    key: tuple[int, Entry] | None = None  # read, its value not yet

    def child(self, part: str | int) -> tuple[int, Entry] | None:
        """Line and entry below this one, or None."""
        if isinstance(part, str):
            return self.keys.get(part)
        if self.kind == "list" and 0 <= part < len(self.items):
            return self.items[part].line, self.items[part]
        return None

    def plain(self) -> Any:
        """The same as dicts, lists and scalars; fresh ones for each alias."""
        if self.kind == "mapping":
            return {key: entry.plain() for key, (_, entry) in self.keys.items()}
        return [entry.plain() for entry in self.items] if self.kind == "list" else self.value


class _UnreadableError(Exception):
    """The rest of the file cannot be read sensibly."""


def grow(text: str, problems: list[Problem]) -> Entry | None:
    """The tree of a document; what is wrong with it is added to ``problems``."""
    gardener = _Gardener(problems)
    try:
        for event in _events(text):
            gardener.take(event)
    except yaml.YAMLError as error:
        problems.append(explain(error, text))
    except _UnreadableError:
        pass
    return gardener.root


def _events(text: str) -> Iterator[Any]:
    """Events of libyaml where it is built in, which is ten times as fast."""
    return iter(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


class _Gardener:
    """Takes the parser's events one by one and keeps the branch being grown."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.root: Entry | None = None
        self.branch: list[Entry] = []
        self.anchors: dict[str, Entry | None] = {}
        self.pending: list[str | None] = []
        self.copied = 0
        self.documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.stop("a second document starts here", line, "remove the line '---'")
        elif isinstance(event, yaml.ScalarEvent):
            self.leaf(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self.alias(str(event.anchor), line)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self.open(event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.close()

    def leaf(self, event: Any, line: int) -> None:
        known = event.tag in _TEXT_TAGS
        if not known:
            self.refuse(f"the tag {event.tag} is not allowed", line, "write the value without it")
        plain = event.implicit[0] and not event.style  # in quotes it is text
        entry = Entry("scalar", line, scalar(event.value) if plain else event.value)
        entry.text = event.value if plain else ""
        if event.anchor:
            self.anchors[event.anchor] = entry
        self.place(entry, line)

    def alias(self, name: str, line: int) -> None:
        target = self.anchors.get(name)
        if target is None:
            self.stop(f"the alias *{name} has no finished anchor &{name} above it", line)
        self.copied += target.size
        if self.copied > MOST_COPIED:
            self.stop("the aliases of this file repeat too much", line, "write values where used")
        self.place(target, line)

    def open(self, event: Any, line: int) -> None:
        if event.tag not in (None, "!"):
            self.refuse(f"the tag {event.tag} is not allowed", line, "write the value without it")
        if len(self.branch) >= DEEPEST:
            self.stop(f"more than {DEEPEST} levels of nesting", line, "write it flatter")
        mapping = isinstance(event, yaml.MappingStartEvent)
        self.branch.append(Entry("mapping" if mapping else "list", line))
        if event.anchor:
            self.anchors[event.anchor] = None  # not to be used inside itself
        self.pending.append(event.anchor)

    def close(self) -> None:
        entry, anchor = self.branch.pop(), self.pending.pop()
        if anchor:
            self.anchors[anchor] = entry
        self.place(entry, entry.line)

    def place(self, entry: Entry, line: int) -> None:
        """Hang an entry where the branch is: as the root, an item, a key or a key's value."""
        if not self.branch:
            self.root = entry
            return
        parent = self.branch[-1]
        if parent.kind == "list":
            parent.items.append(entry)
        elif parent.key is None:
            parent.key = (line, entry)
            return
        else:
            self.pair(parent, entry)
        parent.size += entry.size

    def key_text(self, entry: Entry, line: int) -> str:
        if isinstance(entry.value, str):
            return entry.value
        if entry.kind != "scalar":
            what = "a list or mapping stands where a key is expected"
            self.stop(what, line, "write a word and ':'")
        instead = f'write it in quotes: "{entry.text}"' if entry.value is not None else ""
        self.refuse("a key must be text" if instead else "a key is missing", line, instead)
        return str(entry.value)

    def pair(self, parent: Entry, entry: Entry) -> None:
        """Add a key with its value; what ``<<`` brings in gives way to what the mapping says."""
        line, word = parent.key or (entry.line, entry)
        parent.key = None
        if word.text == "<<":
            self.merge(parent, entry, line)
            return
        key = self.key_text(word, line)
        if key in parent.keys and key not in parent.merged:
            first = parent.keys[key][0]
            what = f"the key '{key}' stands here a second time (first on line {first})"
            self.refuse(what, line, "keep one of them")
        parent.merged.discard(key)
        parent.keys[key] = (line, entry)

    def merge(self, parent: Entry, entry: Entry, line: int) -> None:
        for source in entry.items or [entry]:
            if source.kind != "mapping":
                self.refuse("'<<' merges mappings only", line, "give it an alias of a mapping")
            fresh = source.keys.keys() - parent.keys.keys()
            parent.merged |= fresh
            parent.keys.update({key: source.keys[key] for key in source.keys if key in fresh})

    def refuse(self, what: str, line: int, instead: str = "") -> None:
        self.problems.append(Problem(what, instead=instead, line=line))

    def stop(self, what: str, line: int, instead: str = "") -> NoReturn:
        self.refuse(what, line, instead)
        raise _UnreadableError
