"""``zeroplant serve``: the control room and the API of a plant."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from zeroplant.cli.common import PlantPath
from zeroplant.errors import InputError, Problem

if TYPE_CHECKING:
    from zeroplant.portal.service import Service

GIVING_WAY = 5
"""Niceness of the service."""
HERE = ("127.0.0.1", "::1", "localhost")
EVERYWHERE = ("0.0.0.0", "::")


Names = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="A name it is reached under; may be given several times."),
]

Above = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        metavar="MW",
        help="Set-points that move the plant by more need a second person, with 0 all of them; "
        "a tenth of the connection if absent.",
    ),
]


def serve(  # noqa: PLR0917  # typer gives every one by name
    plant: PlantPath,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen.")] = 8470,
    host: Annotated[
        str, typer.Option(help="Address to listen on; the default is this machine only.")
    ] = "127.0.0.1",
    name: Names = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Data of the plant; 'data' beside the plant file if absent."
        ),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="PEM", help="Certificate for TLS, with --key.")
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="PEM", help="Its private key.")] = None,
    second_person_above: Above = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Also simulate the plant, 60 times as fast as real.")
    ] = False,
) -> None:
    """Show the plant in a browser, and answer other systems.

    The first start makes a person 'admin' and prints a password for one use. Whoever is to reach
    the service from another machine needs TLS: name a certificate and its key. With --demo the
    plant is simulated, in a folder of its own unless --data names one, until this ends.
    """
    names = [*(name or []), *([] if host in EVERYWHERE else [host])]
    _check(host, names, certificate, key)
    from zeroplant.cli.demo import living
    from zeroplant.plant import load_plant

    try:
        import uvicorn  # noqa: F401  # whether it is there
    except ModuleNotFoundError as error:
        what = f"the control room needs the package {error.name}"
        raise InputError(Problem(what, instead="pip install 'zeroplant[portal]'")) from error
    read = load_plant(plant)
    beside = (plant if plant.is_dir() else plant.parent) / "data"
    place = living(plant, data) if demo else nullcontext(data or beside)
    with _ending_well(), place as folder:
        _give_way()
        from zeroplant.portal.app import application
        from zeroplant.portal.server import server_of
        from zeroplant.portal.service import open_service

        service = open_service(
            plant, folder,
            secure=certificate is not None, names=names, second_above=second_person_above,
        )  # fmt: skip
        _begun(service, passing=demo and data is None)
        scheme, at = "https" if certificate else "http", f"[{host}]" if ":" in host else host
        typer.echo(f"{read.name}: {scheme}://{at}:{port}/  (Ctrl-C ends it)")
        server_of(application(service), host, port, certificate, key).run()


def _give_way() -> None:
    """The control of the plant goes before those who look: so for all threads that begin later."""
    with suppress(OSError, AttributeError):
        os.nice(GIVING_WAY)


def _begun(service: Service, *, passing: bool) -> None:
    """Its first person and its log.

    A ``passing`` folder ends with the demo, and its people with it.
    """
    from zeroplant.operate.logs import write_log

    if (password := service.accounts.first_admin(must_change=not passing)) is not None:
        then = "" if passing else " and choose a password"
        typer.echo(f"First start: log in as admin with {password}{then}.")
    write_log()
    threading.Thread(target=service.warm, daemon=True).start()


@contextmanager
def _ending_well() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl-C does, so that what it has begun is ended too."""

    def end(*_: object) -> NoReturn:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _check(host: str, names: list[str], certificate: Path | None, key: Path | None) -> None:
    """Refuse what would let passwords travel in the open, or answer nobody."""
    problems = []
    if (certificate is None) != (key is None):
        problems.append(Problem("TLS needs both --certificate and --key"))
    for path in (certificate, key):
        if path is not None and not path.is_file():
            problems.append(Problem(f"there is no file {path}"))
    if certificate is None and host not in HERE:
        what = f"passwords would travel in the open to {host}"
        problems.append(Problem(what, "--host", "name --certificate and --key"))
    if host in EVERYWHERE and not names:
        what = "under which name is it reached? Requests for any other are refused"
        problems.append(Problem(what, "--host", "say it with --name"))
    if problems:
        raise InputError(problems)
