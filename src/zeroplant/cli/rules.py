"""``zeroplant rules``: list and show the rule packs, and run their worked examples."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from zeroplant.cli.common import JsonFile, answered, write_json

app = typer.Typer(
    help="The rule packs: list them, show one, test their examples.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(json: JsonFile = None) -> None:
    """List the rule packs."""
    from zeroplant import rules

    packs = rules.packs()
    rows = [
        {
            "name": pack.name,
            "title": pack.title.en,
            "title_zh": pack.title.zh,
            "document": pack.document,
            "in_force": str(pack.in_force),
        }
        for pack in packs
    ]
    write_json(json, rows)
    if json != "-":
        for row in rows:
            typer.echo(f"{row['name']:34} {row['in_force']}  {row['title']}  {row['title_zh']}")


@app.command("show")
@answered
def show(
    name: Annotated[
        str, typer.Argument(metavar="PACK", help="Name of a rule pack, or a YAML file of your own.")
    ],
    json: JsonFile = None,
) -> None:
    """Show one rule pack.

    Its figures with their source and confidence, its indicators and its formulas.
    """
    from zeroplant import rules

    pack = rules.load(name)
    write_json(json, pack.model_dump(mode="json"))
    if json == "-":
        return
    typer.echo(f"{pack.name}: {pack.title.en}  {pack.title.zh}")
    typer.echo(f"{pack.document}, in force {pack.in_force}")
    for key, figure in pack.parameters.items():
        shown = _shown(figure.value, figure.unit)
        typer.echo(f"  {key} = {shown}  ({figure.confidence}; {figure.source})")
    for spec in pack.indicators:
        limit = pack.parameters[spec.limit]
        binding = "binding" if spec.binding else "reported"
        wanted = f"{spec.sense} {_shown(limit.value, limit.unit)}"
        typer.echo(f"  rule {spec.name}: {spec.title.en} {wanted} ({binding})")
    for formula in pack.formulas:
        typer.echo(f"  formula {formula.name}: {formula.title.en} [{formula.unit}]")
    for note in pack.notes:
        typer.echo(f"  note: {note}")


def _shown(value: Any, unit: str) -> str:
    """A figure as people write it; with the years or classes it goes by."""
    if isinstance(value, dict):
        parts = (
            f"{'from ' if str(key).isdigit() else ''}{key}: {_shown(part, unit)}"
            for key, part in value.items()
        )
        return ", ".join(parts)
    return f"{100 * value:g} %" if unit == "1" else f"{value:g} {unit}"


@app.command("test")
def run_examples(json: JsonFile = None) -> None:
    """Run the worked examples of every rule pack.

    The exit code is 1 if one does not come out.
    """
    from zeroplant import rules

    results = [result for pack in rules.packs() for result in rules.test(pack)]
    failed = [result for result in results if not result.passed]
    rows = [vars(result) | {"passed": result.passed} for result in results]
    write_json(json, {"passed": len(results) - len(failed), "failed": len(failed), "cases": rows})
    for result in failed:
        typer.echo(
            f"{result.pack}: {result.example}: {result.figure} is {result.got}, "
            f"expected {result.expected}",
            err=True,
        )
    if json != "-":
        typer.echo(f"{len(results) - len(failed)} figures hold, {len(failed)} do not")
    if failed:
        raise typer.Exit(1)
