"""A wish is taken as it is written, or refused in one line that says what to write."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zeroplant.errors import InputError
from zeroplant.operate.wish import ORDERS, read_wish

GOOD = {
    "person": "李伟",
    "kind": "target",
    "value": 12.5,
    "start": "2026-07-01T08:00:00+08:00",
    "until": "2026-07-01T09:00:00+08:00",
}


def test_a_wish_is_read_with_its_times_in_utc_and_is_written_as_it_is_read() -> None:
    wish = read_wish("one", json.dumps(GOOD).encode())
    assert (wish.person, wish.kind, wish.value) == ("李伟", "target", 12.5)
    assert wish.start == datetime(2026, 7, 1, 0, tzinfo=UTC)
    assert read_wish("one", json.dumps(wish.plain()).encode()) == wish


@pytest.mark.parametrize("kind", ORDERS)
@pytest.mark.parametrize("value", ["absent", None, "NaN", "12", True, [1], -1e999])
def test_an_order_without_a_power_is_no_order_of_nothing(kind: str, value: Any) -> None:
    said = {**GOOD, "kind": kind, "key": "battery.charge", "value": value}
    if value == "absent":
        del said["value"]
    if value == "NaN":
        said["value"] = float("nan")
    with pytest.raises(InputError) as error:
        read_wish("one", json.dumps(said).encode())
    text = str(error.value)
    assert text.startswith("order one: 'value' is ")
    assert text.endswith("; write MW as a number, such as 12.5")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "tarqet"}, "'tarqet' is no kind of order; did you mean 'target'?"),
        ({"kind": "xyzzy"}, "'xyzzy' is no kind of order; write one of: target, most export, "),
        ({"kind": None}, "'kind' is null; write words in quotation marks"),
        ({"start": "8 o'clock"}, "'start' is \"8 o'clock\"; write a moment with its zone, such"),
        ({"until": "2026-07-01T09:00:00"}, "'until' is \"2026-07-01T09:00:00\"; write a moment"),
        ({"until": None}, "'until' is missing; write a moment with its zone"),
        ({"start": "0001-01-01T00:00:00+08:00"}, "'start' is \"0001-01-01T00:00:00+08:00\"; "),
        ({"until": GOOD["start"]}, "it ends before it starts; write a later 'until'"),
        ({"value": 12_500_000}, "it asks for 12500000 MW; write MW, not W"),
        ({"value": 10**400}, "it asks for 1000"),
        ({"person": " "}, "nobody signs for it; write a name as 'person'"),
        ({"kind": "device"}, "'device' of what is not said; write the name of the flow as 'key'"),
        ({"kind": "withdraw"}, "'withdraw' of what is not said; write the name of the order"),
        ({"reason": "\ud800"}, "it is no object of JSON; write {"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_what_to_write(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as error:
        read_wish("one", json.dumps(GOOD | change).encode())
    assert str(error.value).startswith(f"order one: {said}")
    assert "\n" not in str(error.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "key", "reason"]), JSON), st.binary(max_size=20))
def test_nothing_that_can_be_written_raises_anything_else(said: dict[str, Any], cut: bytes) -> None:
    for content in (json.dumps(GOOD | said).encode(), json.dumps(said).encode(), cut):
        try:
            wish = read_wish("one", content)
        except InputError as error:
            refused = str(error)
        else:
            refused = ""
            json.dumps(wish.plain(), allow_nan=False).encode()
        assert "\n" not in refused
