"""``zeroplant serve``: the control room and the API of a plant."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from zeroplant.cli.common import PlantPath
from zeroplant.errors import InputError, Problem


def serve(
    plant: PlantPath,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen.")] = 8470,
    host: Annotated[
        str, typer.Option(help="Address to listen on; the default is this machine only.")
    ] = "127.0.0.1",
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
) -> None:
    """Show the plant in a browser, and answer other systems.

    The first start makes a person 'admin' and prints a password for one use. Whoever is to reach
    the service from another machine needs TLS: name a certificate and its key.
    """
    _check(host, certificate, key)
    from zeroplant.plant import load_plant

    try:
        import uvicorn

        from zeroplant.portal.app import application
        from zeroplant.portal.service import open_service
    except ModuleNotFoundError as error:
        what = f"the control room needs the package {error.name}"
        raise InputError(Problem(what, instead="pip install 'zeroplant[portal]'")) from error

    found = load_plant(plant)
    folder = data or (plant if plant.is_dir() else plant.parent) / "data"
    service = open_service(plant, folder, secure=certificate is not None)
    if (password := service.accounts.first_admin()) is not None:
        typer.echo(f"First start: log in as admin with {password} and choose a password.")
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    scheme = "https" if certificate else "http"
    typer.echo(f"{found.name}: {scheme}://{host}:{port}/  (Ctrl-C ends it)")
    uvicorn.run(
        application(service), host=host, port=port, log_level="warning",
        server_header=False, access_log=False, proxy_headers=False,
        limit_concurrency=1000, timeout_graceful_shutdown=3,
        ssl_certfile=certificate, ssl_keyfile=key,
    )  # fmt: skip


def _check(host: str, certificate: Path | None, key: Path | None) -> None:
    """Refuse what would let passwords travel in the open."""
    problems = []
    if (certificate is None) != (key is None):
        problems.append(Problem("TLS needs both --certificate and --key"))
    for path in (certificate, key):
        if path is not None and not path.is_file():
            problems.append(Problem(f"there is no file {path}"))
    if certificate is None and host not in ("127.0.0.1", "::1", "localhost"):
        what = f"passwords would travel in the open to {host}"
        problems.append(Problem(what, "--host", "name --certificate and --key"))
    if problems:
        raise InputError(problems)
