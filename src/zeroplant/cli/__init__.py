"""The command line: ``zeroplant COMMAND …``. Every command is a file of this folder.

Exit code 0 = done, 1 = a named problem with the input (one line each on stderr), 2 = usage.
Heavy rooms are imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from zeroplant import __version__
from zeroplant.cli import (
    bench,
    check,
    control,
    depot,
    device,
    export,
    fleet,
    new,
    operate,
    people,
    plan,
    replay,
    rules,
    schema,
    serve,
    simulate,
    siting,
    sweep,
    twin,
)
from zeroplant.cli.common import answered
from zeroplant.errors import InputError, SolveError

# Before numpy is loaded: the matrices here are small or sparse, and threads that wait for each
# other in them double the time of a processor without shortening that of the plan.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Before models of plants are made: they are millions of small objects that stay, and to look for
# cycles among them after each 700 new ones takes an eighth of a plan's processor time.
gc.set_threshold(50_000, 20, 20)

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells use it: 128 + SIGINT."""


class _Commands(TyperGroup):
    """Usage errors in plain words, without the prefixes of the library that checks them."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            message = error.message.removeprefix("Value error, ")
            error.message = message.replace("Input should be ", "it should be ")
            raise


app = typer.Typer(
    name="zeroplant",
    cls=_Commands,
    help="One plant file. Plan it, run it, trade it, prove it, share it.",
    epilog="Exit codes: 0 done, 1 a problem with the input (one line each on stderr), 2 usage.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain text: the same in a terminal, a log and a screen reader
)
app.command("new")(answered(new.new))
app.command("check")(check.check)
app.command("plan")(answered(plan.plan))
app.command("operate")(answered(operate.operate))
app.command("twin")(answered(twin.twin))
app.command("siting")(answered(siting.siting))
app.command("depot")(depot.depot)
app.command("simulate")(answered(simulate.simulate))
app.command("sweep")(answered(sweep.sweep))
app.command("export")(answered(export.export))
app.command("schema")(schema.schema)
app.add_typer(rules.app, name="rules")
app.add_typer(fleet.app, name="fleet")
app.add_typer(device.app, name="device")
app.command("control")(control.control)
app.command("replay")(answered(replay.replay))
app.add_typer(people.app, name="people")
app.command("serve")(serve.serve)
app.command("bench")(answered(bench.bench))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zeroplant {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and answer its exit code; the entry point of ``zeroplant``."""
    try:
        app(None if arguments is None else list(arguments), prog_name="zeroplant")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 1
    except (InputError, SolveError, OSError, MemoryError) as error:
        for line in _said(error):
            typer.echo(line, err=True)
        return 1
    return 0


def _said(error: Exception) -> Iterator[str]:
    """What went wrong, in one line for each problem."""
    if isinstance(error, InputError):
        yield from (str(problem) for problem in error.problems)
    elif isinstance(error, OSError):
        yield f"zeroplant: {error.filename or 'a file'}: {(error.strerror or str(error)).lower()}"
    elif isinstance(error, MemoryError):
        yield "zeroplant: not enough memory; plan fewer or longer periods"
    else:
        yield f"zeroplant: {' '.join(str(error).split())}"
