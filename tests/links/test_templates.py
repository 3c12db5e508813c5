"""Device templates: what ships is sound, what is wrong in one's own is said line by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.errors import InputError
from zeroplant.links import SystemClock
from zeroplant.links.devices import DeviceEntry, read_devices, write_devices, write_yaml
from zeroplant.links.gauge import Gauge, Side
from zeroplant.links.library import read_template, shipped, template
from zeroplant.links.link import Point
from zeroplant.links.measures import amount, inside_unit, into_plant
from zeroplant.links.plain import plain_map
from zeroplant.links.registers import MOST, WIDTHS, blocks, decode, encode

HEAD = "title: {en: x, zh: x}\nprotocol: modbus\n"


def said(tmp_path: Path, text: str) -> list[str]:
    """What is wrong with a template, without the file's folder."""
    file = tmp_path / "own.yaml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        read_template(file)
    return [str(each).removeprefix(f"{tmp_path}/") for each in caught.value.problems]


@pytest.mark.parametrize("name", list(shipped()))
def test_shipped_templates(name: str) -> None:
    """Units of the plant, bounds in order, and a value goes to the wire and back."""
    form = template(name)
    for gauge in form.gauges("d", {}).values():
        point = gauge.point
        assert point.least < point.most
        assert point.unit in ("MW", "MWh", "degC", "V", "1")
        for value in (point.least, point.most, 0.3 * point.least + 0.7 * point.most):
            assert gauge.inside(gauge.wire(value)) == pytest.approx(value, abs=1e-9)


def test_ratings_scale_bounds_and_shares() -> None:
    gauges = template("battery").gauges("b", {"rating": "50 MW", "capacity": 200.0})
    assert gauges["charge"].point.most == 50.0
    assert gauges["level"].point.most == 200.0
    assert gauges["level"].inside(750) == pytest.approx(150.0), "75.0 % of 200 MWh"
    for wrong, words in [
        ({"ratng": "1 MW"}, "did you mean 'rating'"), ({"rating": "1 MWh"}, "not measured in MW"),
        ({"rating": "big"}, "is not a quantity"),
    ]:  # fmt: skip
        with pytest.raises(InputError, match=words):
            template("battery").gauges("b", wrong)


def test_every_problem_has_its_line(tmp_path: Path) -> None:
    text = HEAD + (
        "ratings: {rating: 1 MW}\n"
        "heartbeat: {ours: nobody}\n"
        "points:\n"
        "  a: {unit: kW, most: ratin, read: {address: 7}}\n"
        "  b: {unit: kW, most: rating, write: {address: 7}}\n"
        "  c: {unit: kW, most: 5, read: {address: 7}}\n"
        "  d: {unit: '%', of: rting, most: rating, read: {address: 7}}\n"
        "  e: {unit: kW, least: 3 kW, most: 2 kW, read: {address: 7}}\n"
    )
    assert said(tmp_path, text) == [
        "own.yaml:4: heartbeat.ours: 'nobody' is no point with 'write'",
        "own.yaml:6: points.a.most: no rating 'ratin'; did you mean 'rating'?",
        "own.yaml:8: points.c.most: '5' has no unit; write it with its unit, such as '5 MW'",
        "own.yaml:9: points.d.of: no rating 'rting'; did you mean 'rating'?",
        "own.yaml:10: points.e: least (0.003) is more than most (0.002)",
    ]


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ("a: {most: 1, reed: {address: 7}}", "points.a.reed: unknown key 'reed'; did you mean"),
        ("a: {most: 1}", "the point has neither 'read' nor 'write'"),
        ("a: {most: 1, scale: 0, read: {address: 7}}", "scale is zero"),
        ("a: {most: 1, read: {address: 70000}}", "'70000' is above 65535"),
        ("a: {most: 1, read: {address: 7, type: int17}}", "'int17' is not allowed"),
        ("a: {unit: CNY, most: 1, read: {address: 7}}", "no device point is measured in 'CNY'"),
        ("a: {most: 1, write: {address: 7}}", "a set-point would stand for ever"),
        ("a: {most: 1, fallback: 2, write: {address: 7}}", "the fallback 2 lies outside"),
        ("a: {most: 1, part: negative, read: {address: 7}}", "a side of a number that has no sign"),
        ("' a': {most: 1, read: {address: 7}}", "' a' cannot be a point's name"),
    ],
)
def test_what_is_wrong_with_a_point(tmp_path: Path, point: str, words: str) -> None:
    lines = said(tmp_path, f"{HEAD}points:\n  {point}\n")
    assert len(lines) == 1
    assert words in lines[0]
    assert lines[0].startswith("own.yaml:4: ")


def test_unknown_template_and_protocol(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'battery'"):
        template("batery")
    lines = said(tmp_path, "title: {en: x, zh: x}\nprotocol: modbux\npoints: {}\n")
    assert "unknown protocol 'modbux'; did you mean 'modbus'?" in lines[0]


@given(
    st.floats(-1e6, 1e6),
    st.sampled_from([1e-3, -1e-3, 1.0, 7.5]),
    st.sampled_from([0.0, -32.0, 5.0]),
)
def test_two_sides_of_a_sign(number: float, factor: float, shift: float) -> None:
    """Of any number at most one side is not zero, and that side is written as the same number."""
    both = {
        side: Gauge(Point("d.x"), factor, shift, side) for side in ("positive", "negative")
    }  # fmt: skip
    values = {side: gauge.inside(number) for side, gauge in both.items()}
    assert min(values.values()) == 0.0
    meant = number * factor + shift
    assert values["positive"] - values["negative"] == pytest.approx(meant)
    side = "positive" if meant >= 0.0 else "negative"
    assert both[side].wire(values[side]) == pytest.approx(number, abs=1e-6)


@given(
    st.floats(0.0, 1e3), st.sampled_from([1e-3, 0.1]), st.floats(-1e5, 1e5),
    st.sampled_from([None, "positive", "negative"]),
)  # fmt: skip
def test_what_is_written_is_what_is_read(
    value: float, factor: float, shift: float, part: Side | None
) -> None:
    """Whatever the offset, and on either side of a sign."""
    gauge = Gauge(Point("d.x"), factor, shift, part)
    assert gauge.inside(gauge.wire(value)) == pytest.approx(value, abs=1e-6)


def test_a_power_that_is_sent_with_32000_added() -> None:
    """As many batteries and converters do, in kW; positive is discharge."""
    discharge = Gauge(Point("b.discharge", most=50.0), 1e-3, -32.0, "positive")
    charge = Gauge(Point("b.charge", most=50.0), 1e-3, -32.0, "negative")
    assert (discharge.inside(37_000), charge.inside(37_000)) == (5.0, 0.0)
    assert (discharge.inside(27_000), charge.inside(27_000)) == (0.0, 5.0)
    assert (discharge.wire(5.0), charge.wire(5.0)) == (37_000, 27_000)
    assert discharge.wire(0.0) == charge.wire(0.0) == 32_000


def test_units() -> None:
    assert inside_unit("kWh") == "MWh"
    assert into_plant("kW") == (pytest.approx(1e-3), 0.0)
    assert into_plant("degC") == (1.0, 0.0)
    assert amount("-30 degC") == (-30.0, "degC")
    assert amount("50 %") == (0.5, "1")


@given(st.sampled_from(sorted(WIDTHS)), st.booleans(), st.data())
def test_numbers_in_registers(kind: str, low_first: bool, data: st.DataObject) -> None:
    bits = 16 * WIDTHS[kind]
    if kind.startswith("float"):
        number = data.draw(st.floats(width=32 if bits == 32 else 64, allow_nan=False))
    else:
        low = 0 if kind.startswith("u") else -(2 ** (bits - 1))
        number = data.draw(st.integers(low, low + 2**bits - 1))
        with pytest.raises(ValueError, match="does not fit"):
            encode(float(low + 2**bits) * 1.01 + 1, kind, low_first=low_first)  # type: ignore[arg-type]
    words = encode(number, kind, low_first=low_first)  # type: ignore[arg-type]
    assert all(0 <= word < 65536 for word in words)
    assert decode(words, kind, low_first=low_first) == number  # type: ignore[arg-type]


SPANS = st.lists(st.tuples(st.sampled_from(["holding", "input"]), st.integers(0, 400),
                           st.sampled_from([1, 2, 4])), min_size=1, max_size=60)  # fmt: skip


@given(SPANS, st.integers(0, 10))
def test_requests_cover_all_and_no_more_than_allowed(
    spans: list[tuple[str, int, int]], bridge: int
) -> None:
    found = blocks(spans, bridge)
    asked = [(b.table, b.start + i) for b in found for i in range(b.count)]
    wanted = {(table, start + i) for table, start, count in spans for i in range(count)}
    assert wanted <= set(asked)
    assert all(b.count <= MOST for b in found)
    spare = set(asked) - wanted
    for table, cell in spare:  # only holes that the bridge allows
        near = [(table, cell + i) in wanted for i in range(-bridge, bridge + 1)]
        assert any(near)


def test_plain_map_and_devices_file(tmp_path: Path) -> None:
    """What the twin writes, control reads: same points, same bounds, any name of the plant."""
    points = [
        Point("风电 1.output", "MW", True, 0.0, 48.3), Point("风电 1.output.possible", "MW"),
        Point("风电 1.online", "", most=1.0), Point("风电 1.waiting ships", "ships"),
    ]  # fmt: skip
    form = plain_map("风电 1", points)
    write_yaml(tmp_path / "wind.yaml", form)
    meter = DeviceEntry(template="meter", at="10.0.0.7:502", points={"load": "import"})
    wind = DeviceEntry(template="wind.yaml", at="127.0.0.1:5020/1")
    write_devices(tmp_path / "devices.yaml", {"风电 1": wind, "factories": meter})
    devices = read_devices(tmp_path / "devices.yaml")
    assert devices.entries["风电 1"][0] == form
    keepers = devices.connect(SystemClock())
    known = {name: point for keeper in keepers for name, point in keeper.points.items()}
    for point in points:
        assert known[point.name].least == point.least
        assert known[point.name].most == point.most
        assert known[point.name].writable == point.writable
    assert known["factories.load"].most == 10.0


def test_wrong_devices_files(tmp_path: Path) -> None:
    file = tmp_path / "devices.yaml"
    file.write_text(
        "devices:\n"
        "  a: {template: metre, at: 'h:1'}\n"
        "  b: {template: meter, at: 'h:1', ratings: {ratin: 5 MW}}\n"
        "  c: {template: meter, at: 'h:1', points: {load: imprt}}\n"
        "  d: {template: none.yaml, at: 'h:1'}\n"
    )
    with pytest.raises(InputError) as caught:
        read_devices(file)
    lines = [str(each).removeprefix(f"{tmp_path}/") for each in caught.value.problems]
    assert lines[:3] == [
        "devices.yaml:2: devices.a: there is no device template 'metre'; did you mean 'meter'?",
        "devices.yaml:3: devices.b: ratings: no rating 'ratin'; did you mean 'rating'?",
        "devices.yaml:4: devices.c: points: the template has no point 'imprt'; "
        "did you mean 'import'?",
    ]
    assert lines[3].startswith("none.yaml: no such file")
    file.write_text("devices:\n  a: {template: meter, at: nowhere}\n")
    with pytest.raises(InputError, match="'nowhere' is no address"):
        read_devices(file).connect(SystemClock())


@given(st.floats(-30_000.0, 30_000.0))
def test_a_limit_does_not_become_more_in_a_whole_register(number: float) -> None:
    """40.6 % of a rating in a register of whole percents is 40 %, not 41 %."""
    kept = decode(encode(number, "int16"), "int16")
    assert abs(kept) <= abs(number) * (1.0 + 1e-6) + 1e-6
    assert abs(kept - number) < 1.0
    assert kept * number >= 0.0


@pytest.mark.parametrize("tenths", range(0, 1000, 7))
def test_what_rounding_takes_from_a_whole_number_is_not_cut_off(tenths: int) -> None:
    assert decode(encode(tenths / 10 / 0.1, "uint16"), "uint16") == tenths
