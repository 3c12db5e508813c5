"""Trees of groups."""

from __future__ import annotations

import numpy as np
import pytest

from zeroplant.solve.fleet.joint import Groups


def tree() -> Groups:
    """0 holds 1 and 2; 1 holds 3 and 4."""
    limit = np.full((5, 2), np.inf)
    return Groups(
        np.array([-1, 0, 0, 1, 1]), np.array([4, 3, 2, 2, 4]), limit, -limit, np.zeros((5, 2))
    )


def test_sums_go_up_and_prices_go_down() -> None:
    """A device counts in its group and in all above; it pays the prices of all of them."""
    groups = tree()
    assert groups.devices.tolist() == [5, 3, 2, 1, 2]
    power = np.array([[1.0, 0.0], [2.0, 0.0], [4.0, 0.0], [8.0, 1.0], [16.0, 0.0]])
    assert groups.totals(power)[:, 0].tolist() == [31.0, 19.0, 12.0, 2.0, 17.0]
    price = groups.downward(np.array([[1.0], [10.0], [100.0], [1000.0], [10000.0]]))
    assert price[:, 0].tolist() == [1.0, 11.0, 101.0, 1011.0, 10011.0]
    assert [groups.member[i] for i in groups.order] == [3, 4, 4, 2, 2]


@pytest.mark.parametrize(
    ("parent", "member", "words"),
    [
        ([0, 0], [0], "an earlier group"),
        ([-1, 2, 0], [0], "an earlier group"),
        ([-1, -1], [0], "in another group"),
        ([-1, 0], [2], "none of the 2"),
    ],
)
def test_trees_that_are_none(parent: list[int], member: list[int], words: str) -> None:
    """A cycle, two roots, a device nowhere."""
    limit = np.full((len(parent), 1), np.inf)
    with pytest.raises(ValueError, match=words):
        Groups(np.array(parent), np.array(member), limit, -limit, np.zeros_like(limit))


def test_limits_have_the_steps_of_the_base() -> None:
    """*Proves:* one limit per group, without steps, is refused in words."""
    base = np.zeros((1, 4))
    with pytest.raises(ValueError, match="the same steps"):
        Groups(np.array([-1]), np.zeros(2), np.full((1, 1), 5.0), base - np.inf, base)
