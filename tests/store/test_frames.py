"""Frames: what is whole is found, what is not is never taken for something."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zeroplant.store.frames import MARK, find_frames, framed

CONTENTS = st.lists(st.one_of(st.binary(max_size=40), st.just(MARK * 3)), max_size=6)


@given(CONTENTS, st.data())
def test_a_file_cut_anywhere_gives_the_frames_before_the_cut(
    contents: list[bytes], data: st.DataObject
) -> None:
    """A write that was cut short costs its own frame and no other, and is no damage."""
    frames = [framed(content) for content in contents]
    whole = b"".join(frames)
    cut = data.draw(st.integers(0, len(whole)))
    found = find_frames(whole[:cut])
    ends = [sum(map(len, frames[: number + 1])) for number in range(len(frames))]
    kept = sum(end <= cut for end in ends)
    assert found.whole == contents[:kept]
    assert (found.end, found.lost) == (([0, *ends])[kept], 0)


@given(CONTENTS.filter(bool), st.data())
def test_a_changed_byte_costs_one_frame(contents: list[bytes], data: st.DataObject) -> None:
    """The frame that is hit is left out, the others are found, and the damage is counted."""
    frames = [framed(content) for content in contents]
    hit = data.draw(st.integers(0, len(frames) - 1))
    place = data.draw(st.integers(0, len(frames[hit]) - 1))
    change = data.draw(st.integers(1, 255))
    broken = bytearray(frames[hit])
    broken[place] ^= change
    found = find_frames(b"".join([*frames[:hit], bytes(broken), *frames[hit + 1 :]]))
    assert found.whole == contents[:hit] + contents[hit + 1 :]
    last = hit == len(frames) - 1
    assert found.lost == (0 if last else len(frames[hit]))


@given(st.binary(max_size=300))
def test_any_bytes_are_searched_without_an_error(junk: bytes) -> None:
    """Bytes that nobody wrote as frames hold none."""
    assert find_frames(junk).whole == []
    assert find_frames(junk + framed(b"there")).whole == [b"there"]
