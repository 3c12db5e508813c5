"""What can be wrong with a user's input, said in one line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands, what it is, and what to write instead."""

    what: str
    where: str = ""
    instead: str = ""
    file: str = ""
    line: int = 0

    def at(self, *, where: str = "", file: str = "", line: int = 0) -> Problem:
        """The same problem with its place filled in where it was still unknown."""
        return replace(
            self, where=self.where or where, file=self.file or file, line=self.line or line
        )

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        head = ": ".join(part for part in (place, self.where) if part)
        text = f"{head}: {self.what}" if head else self.what
        # Always one line, whatever a library put into its message.
        return " ".join((f"{text}; {self.instead}" if self.instead else text).split())


def suggestion(name: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown name: the nearest one there is, or all of them."""
    known = list(known)
    near = get_close_matches(name, known, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"write one of: {', '.join(known)}" if known else ""


class InputError(ValueError):
    """The user's input has one or more named problems."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SolveError(Exception):
    """A solver gave no answer that can be acted on, or one that did not survive the check."""
