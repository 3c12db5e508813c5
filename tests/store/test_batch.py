"""Batches: what fits is kept as it was given, what does not is said in one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from zeroplant.errors import InputError
from zeroplant.store import Batch
from zeroplant.store.batch import from_bytes, to_bytes

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_one_for_all_rows_or_one_per_row() -> None:
    """Times of any zone are kept in UTC; quality, source and known time may be said once."""
    east = NOW.astimezone(timezone(timedelta(hours=8)))
    batch = Batch(["a", "b"], [east, east + timedelta(minutes=1)], [1, 2.5], NOW, source="104")
    assert batch.rows.to_pylist() == [
        {"point": "a", "event": NOW, "known": NOW, "value": 1.0, "quality": 0, "source": "104"},
        {
            "point": "b",
            "event": NOW + timedelta(minutes=1),
            "known": NOW,
            "value": 2.5,
            "quality": 0,
            "source": "104",
        },
    ]
    one = Batch("a", np.datetime64("2026-11-20T08:00"), 1.0, NOW)
    assert (len(one), len(Batch([], [], [], NOW))) == (1, 0)
    names = pa.array(["a", "b", "a"]).dictionary_encode()
    assert Batch(names, NOW, [1, 2, 3], NOW).rows["point"].to_pylist() == ["a", "b", "a"]


def test_a_batch_survives_the_log() -> None:
    """What is written to the log and read again are the same rows, numbered as they arrived."""
    batch = Batch(["a", "b"], NOW, [1.0, np.nan], NOW, quality=[0, 3])
    rows = from_bytes(to_bytes(batch.rows, 41))
    assert rows["arrival"].to_pylist() == [41, 42]
    for name in ("point", "event", "known", "quality", "source"):
        assert rows[name].equals(batch.rows[name])
    np.testing.assert_array_equal(rows["value"].to_numpy(zero_copy_only=False), [1.0, np.nan])
    with pytest.raises(InputError, match="another version"):
        from_bytes(b"something else")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"points": ["a", "b", "c"]}, "different lengths: 2, 3"),
        ({"points": ["a", ""]}, "cannot be named ''"),
        ({"points": ["a", "b\n"]}, r"cannot be named 'b\\n'"),
        ({"points": ["a", None]}, "point of a batch is missing"),
        ({"points": [1, 2]}, "point of a batch is not a name"),
        ({"source": ["x", None]}, "source of a batch is missing"),
        ({"event": datetime(2026, 1, 1)}, "has no zone"),
        ({"event": np.datetime64("NaT")}, "a time is missing"),
        ({"event": np.array(["2026-01-01T00:00:00.000000001"], "M8[ns]")}, "finer than a micro"),
        ({"known": np.datetime64(300_000_000_000, "s")}, "after the year 9999"),
        ({"known": 5}, "a time is missing"),
        ({"known": "2026-01-01"}, "a time is missing"),
        ({"value": ["x", 2]}, "is not a number"),
        ({"value": [[1, 2]]}, "different lengths"),
        ({"quality": 256}, "whole number from 0 to 255"),
        ({"quality": 0.5}, "whole number from 0 to 255"),
    ],
)
def test_what_does_not_fit_is_said(columns: dict[str, Any], said: str) -> None:
    """Each mistake is one clear line."""
    right = {"points": ["a", "b"], "event": NOW, "value": [1.0, 2.0], "known": NOW}
    with pytest.raises(InputError, match=said) as caught:
        Batch(**{**right, **columns})
    assert "\n" not in str(caught.value)
