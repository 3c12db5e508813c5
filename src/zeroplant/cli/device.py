"""``zeroplant device``: device templates, and a try-out of a real device by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from zeroplant.cli.common import JsonFile, answered, check_places, write_json
from zeroplant.errors import InputError, Problem, suggestion

if TYPE_CHECKING:
    from zeroplant.links.connect import AnyTemplate
    from zeroplant.links.link import Link, Point
    from zeroplant.links.probe import Trial

app = typer.Typer(
    help="Device templates: list them, show one, test a device with one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

TemplateName = Annotated[
    str, typer.Argument(metavar="TEMPLATE", help="A shipped template, or a YAML file of your own.")
]
At = Annotated[
    str, typer.Option("--at", metavar="HOST:PORT[/DEVICE]", help="Where the device answers.")
]
Ratings = Annotated[
    list[str] | None,
    typer.Option("--rating", metavar="NAME=QUANTITY", help="A rating, such as rating='5 MW'."),
]
Write = Annotated[
    str | None,
    typer.Option("--write", metavar="POINT=QUANTITY", help="Set a point, such as charge='1 MW'."),
]
For = Annotated[str, typer.Option("--for", metavar="TIME", help="How long the set-point holds.")]


@app.command("list")
def list_(json: JsonFile = None) -> None:
    """List the device templates."""
    from zeroplant.links.library import shipped, template

    rows = [
        {"name": name, "protocol": form.protocol, **form.title.model_dump()}
        for name, form in ((name, template(name)) for name in shipped())
    ]
    write_json(json, rows)
    if json != "-":
        for row in rows:
            typer.echo(f"{row['name']:18} {row['protocol']:8} {row['en']}  {row['zh']}")


@app.command("show")
@answered
def show(name: TemplateName, json: JsonFile = None) -> None:
    """Show one device template: its points, their limits, and what can be set."""
    from zeroplant.links.library import template

    form = template(name)
    write_json(json, form.model_dump(mode="json", exclude_defaults=True))
    if json == "-":
        return
    typer.echo(f"{form.title.en}  {form.title.zh}")
    ratings = ", ".join(f"{key} = {value}" for key, value in form.ratings.items())
    typer.echo(f"{form.protocol}, polled every {form.every:g} s; {ratings or 'no ratings'}")
    for note in form.notes:
        typer.echo(f"note: {' '.join(note.split())}")
    for key, gauge in form.gauges("device", {}).items():
        point, spec = gauge.point, form.points[key]
        sets = f"  can be set ({spec.sets})" if point.writable else ""
        about = f"  {spec.about}" if spec.about else ""
        typer.echo(f"  {key:20} {point.least:g} to {point.most:g} {point.unit}{sets}{about}")


@app.command("test")
@answered
def try_out(  # noqa: PLR0917  # typer gives every one by name
    name: TemplateName,
    at: At,
    rating: Ratings = None,
    write: Write = None,
    for_: For = "10 s",
    json: JsonFile = None,
) -> None:
    """Read all points of a device once; with --write set one for a while and watch it.

    The exit code is 1 if the device does not answer, a point cannot be read, or the set-point is
    refused, is not seen to be followed, or does not lapse; what was found is written all the same.
    """
    import asyncio

    from zeroplant.links.clock import SystemClock
    from zeroplant.links.connect import link_to
    from zeroplant.links.library import template

    check_places(json=json)
    form = template(name)
    link = link_to(form, "device", at, SystemClock(), _ratings(rating))
    order = None if write is None else _order(write, for_, form, link)
    result = asyncio.run(_tested(form, link, order))
    result = {"template": name, "at": at, **result}
    write_json(json, result)
    if json != "-":
        _show(result)
    if not result["passed"]:
        raise typer.Exit(1)


def _ratings(given: list[str] | None) -> dict[str, str | float]:
    ratings: dict[str, str | float] = {}
    for text in given or []:
        key, equals, value = text.partition("=")
        if not (key and equals):
            instead = "write NAME=QUANTITY, such as rating='5 MW'"
            raise InputError(Problem("no NAME=QUANTITY", where=f"--rating {text}", instead=instead))
        ratings[key] = value
    return ratings


def _order(write: str, for_: str, form: AnyTemplate, link: Link) -> tuple[str, float, float]:
    """Point, value in the plant's unit, seconds."""
    from zeroplant.units import parse

    key, equals, text = write.partition("=")
    settable = [name for name, point in form.points.items() if point.writable]
    if not equals or key not in settable:
        what = f"'{key}' cannot be set"
        raise InputError(Problem(what, where="--write", instead=suggestion(key, settable)))
    point = link.points[f"device.{key}"]
    try:
        value = parse(text, point.unit)
    except InputError as error:
        raise InputError([each.at(where="--write") for each in error.problems]) from None
    try:
        seconds = 3600.0 * parse(for_, "h")
    except InputError as error:
        raise InputError([each.at(where="--for") for each in error.problems]) from None
    return point.name, value, seconds


async def _tested(
    form: AnyTemplate, link: Link, order: tuple[str, float, float] | None
) -> dict[str, Any]:
    """Open, read, perhaps write, close. Raises InputError if the device does not answer."""
    import asyncio
    from datetime import timedelta

    from zeroplant.links.clock import SystemClock
    from zeroplant.links.link import Setpoint
    from zeroplant.links.probe import age, attempt, look

    clock = SystemClock()
    try:
        async with asyncio.timeout(form.deadline):
            await link.open()
        image = await look(link, clock, form.deadline, form.every)
        now = clock.now()
        trial = None
        if order is not None:
            point, value, seconds = order
            wish = Setpoint(point, value, now + timedelta(seconds=seconds))
            limit = form.points[point.removeprefix("device.")].sets == "limit"
            trial = await attempt(link, clock, wish, form.deadline, limit=limit)
    except (OSError, TimeoutError) as error:
        what = f"the device does not answer: {str(error) or 'no answer in time'}"
        instead = "check the address, the network and whether it speaks the template's protocol"
        raise InputError(Problem(what, where="--at", instead=instead)) from None
    finally:
        await link.close()
    points = [
        {
            "point": key.removeprefix("device."),
            "value": each.value,
            "unit": link.points[key].unit,
            "quality": each.quality.name.lower(),
            "age_s": age(each, now),
        }
        for key, each in image.items()
    ]
    passed = all(each.quality < 2 for each in image.values())
    result: dict[str, Any] = {"points": points, "passed": passed}
    if trial is not None:
        result["write"] = told = _told(trial, link.points[trial.setpoint.point])
        done = told["accepted"] and told["follows"] is True and told["lapses"] is not False
        result["passed"] = passed and done
    return result


def _told(trial: Trial, point: Point) -> dict[str, Any]:
    """What became of a set-point."""
    verdict = trial.verdict(point)
    return {
        "point": point.name.removeprefix("device."),
        "value": trial.setpoint.value,
        "unit": point.unit,
        "until": trial.setpoint.until.isoformat(),
        "accepted": trial.answer.accepted,
        "reason": trial.answer.reason,
        "before": None if trial.before is None else trial.before.value,
        "measured": [each.value for each in trial.during],
        "after": None if trial.after is None else trial.after.value,
        "follows": verdict.follows,
        "lapses": verdict.lapses,
        "why": verdict.why,
    }


def _show(result: dict[str, Any]) -> None:
    """Print what was found."""
    for each in result["points"]:
        aged = "" if each["age_s"] is None else f"  {each['age_s']:.1f} s old"
        value = f"{each['value']:14.6g} {each['unit'] if each['unit'] != '1' else '':5}"
        typer.echo(f"{each['point']:22}{value} {each['quality']}{aged}")
    told = result.get("write")
    if told is None:
        return
    said = "accepted" if told["accepted"] else f"refused: {told['reason']}"
    typer.echo(f"{told['point']} = {told['value']:g} {told['unit']}: {said}")
    if not told["accepted"]:
        return
    words = {
        True: "the device follows",
        False: "THE DEVICE DOES NOT FOLLOW",
        None: f"WHETHER THE DEVICE FOLLOWS CANNOT BE TOLD: {told['why']}",
    }
    places = {"before": told["before"], "last": (told["measured"] or [None])[-1]}
    places["after it"] = told["after"]
    seen = ", ".join(
        f"{when} {value:g} {told['unit']}" for when, value in places.items() if value is not None
    )
    stays = "; IT DOES NOT LAPSE" if told["lapses"] is False else ""
    typer.echo(f"{words[told['follows']]}{stays}" + (f" ({seen})" if seen else ""))
