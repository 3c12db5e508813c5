"""``zeroplant people``: who may come into the control room, for whoever has its folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zeroplant.errors import InputError, Problem

if TYPE_CHECKING:
    from zeroplant.portal.access import Accounts

Data = Annotated[
    Path, typer.Option(metavar="DIR", help="Data of the plant, as 'zeroplant serve' has it.")
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name to log in with.")]

app = typer.Typer(
    help="Who may come into the control room: list them, or let in who lost a password.",
    no_args_is_help=True,
)


@app.command("list")
def everybody(data: Data) -> None:
    """Everybody who may come in or was shut out, with what they are where."""
    with _people(data) as accounts:
        for person in accounts.everybody():
            roles = ", ".join(
                f"{each.role.value}{f' at {each.place}' if each.place else ''}"
                for each in person.grants
            )
            state = "shut out" if person.disabled else roles or "no role"
            first = " (has yet to choose a password)" if person.must_change else ""
            typer.echo(f"{person.name:24} {state}{first}")


@app.command()
def reset(name: Name, data: Data) -> None:
    """Give somebody a password for one use; their sessions and tokens end at once.

    Who was shut out may come in again. The service may run meanwhile.
    """
    with _people(data) as accounts:
        _note(data, accounts, "reset password", name)
        password = accounts.reset(name)
    typer.echo(f"{name} logs in with {password} and chooses a password.")


@app.command()
def unlock(name: Name, data: Data) -> None:
    """Let somebody try again at once who has to wait after wrong passwords."""
    with _people(data) as accounts:
        _note(data, accounts, "unlocked", name)
        accounts.unlock(name)
    typer.echo(f"{name} may try again.")


@contextmanager
def _people(data: Path) -> Iterator[Accounts]:
    """The people of a data folder. Raises InputError where nobody ever served it."""
    try:
        from zeroplant.portal.access import Accounts
        from zeroplant.portal.access.database import open_database
    except ModuleNotFoundError as error:
        what = f"the control room needs the package {error.name}"
        raise InputError(Problem(what, instead="pip install 'zeroplant[portal]'")) from error
    file = data / "access.sqlite"
    if not file.is_file():
        what = f"there are no people in {data}"
        raise InputError(Problem(what, "--data", "name the folder that 'zeroplant serve' is given"))
    engine = open_database(file)
    try:
        yield Accounts(engine)
    finally:
        engine.dispose()


def _note(data: Path, accounts: Accounts, what: str, name: str) -> None:
    """Write down what is about to be done, unless there is nobody of that name.

    Into the diary of people; while a service holds it, into a journal of its own beside it, which
    the service takes over.
    """
    from zeroplant.portal.access.database import private
    from zeroplant.portal.by_hand import BESIDE
    from zeroplant.store import Entry, JournalWriter

    if name not in {each.name for each in accounts.everybody()}:
        return
    now = datetime.now(UTC)
    said = {"who": "the machine's own command line", "what": what}
    try:
        diary = JournalWriter(data / "people")
    except InputError:
        private(data / BESIDE)
        diary = JournalWriter(data / BESIDE)
        written = f"The service holds its diary: written into {data / BESIDE}."
        typer.echo(f"{written} It stands in the journal within seconds.", err=True)
    with diary:
        diary.append(Entry(kind="person", key=name, event=now, known=now, payload=said))
