"""``zeroplant schema``: the JSON schema of a plant file, for editors."""

from __future__ import annotations

from typing import Annotated

import typer

from zeroplant.cli.common import check_places, write_json


def schema(
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="Where to write it; - for stdout.")
    ] = "-",
) -> None:
    """Write the JSON schema of a plant file.

    Editors complete and check YAML by it. With the YAML language server, begin a plant file with
    the line "# yaml-language-server: $schema=FILE".
    """
    from zeroplant.plant import json_schema

    check_places(json=file)
    write_json(file, json_schema())
    if file != "-":
        typer.echo(f"Written: {file}")
