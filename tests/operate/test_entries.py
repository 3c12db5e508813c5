"""What of an image is worth keeping."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.operate.small_plant import START, small_network
from zeroplant.operate.controller import Controller
from zeroplant.operate.entries import changed
from zeroplant.operate.image import unknown


def test_a_value_revised_under_the_same_stamp_has_changed() -> None:
    points = Controller(small_network()).points
    first = unknown(START, points)
    value, event, quality = first.value.copy(), first.event.copy(), first.quality.copy()
    value[0] = 1.0
    before = replace(first, value=value, event=event, quality=quality)
    assert changed(None, before).all()
    assert not changed(before, replace(before, value=value.copy())).any()
    value, event, quality = value.copy(), event.copy(), quality.copy()
    value[0], value[1], event[2], quality[3] = 2.0, 0.0, 1, 0
    after = replace(first, value=value, event=event, quality=quality)
    assert np.flatnonzero(changed(before, after)).tolist() == [0, 1, 2, 3]
