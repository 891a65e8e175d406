"""A conversation packed into an address comes back as it was, and nothing that was tampered with is taken for one."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.permalinks import LARGEST, LONGEST, MOST, LinkError, pack, unpack

TEXT = st.text(max_size=60)
TALKS = st.lists(st.tuples(TEXT, st.dictionaries(TEXT, TEXT, max_size=3)), min_size=1, max_size=6)


def packed(held: object) -> str:
    """The code of anything at all."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return urlsafe_b64encode(deflate.compress(json.dumps(held).encode()) + deflate.flush()).decode().rstrip("=")


@given(TALKS, TEXT)
def test_what_is_packed_comes_back(asked: list[tuple[str, dict[str, str]]], version: str) -> None:
    """Questions, choices and version, in any script; the code needs no quoting in an address."""
    code = pack(asked, version)
    talk = unpack(code)
    assert (list(talk.asked), talk.version) == (asked, version)
    assert code.isascii()
    assert not set(code) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_the_last_questions_are_kept() -> None:
    """A long conversation keeps its end, and stays an address that a server takes."""
    asked = [(f"{'How tall is the oak behind the house? ' * 50}{i}", {"0:3": f"http://garden.example/{i}"}) for i in range(MOST + 5)]
    code = pack(asked, "v")
    assert list(unpack(code).asked) == asked[-MOST:]
    assert len(code) < LONGEST
    assert pack([], "v") == ""


@given(st.text(max_size=200))
def test_no_text_is_taken_for_a_code(text: str) -> None:
    """Whatever is not a code is refused in words."""
    with pytest.raises(LinkError, match="link"):
        unpack(text)


@pytest.mark.parametrize(
    "held",
    [[], {}, 7, [1], [1, "v"], [1, "v", []], [1, "v", "q"], [1, 2, [["q", {}]]], [1, "v", [["q"]]], [1, "v", [["q", {"0:1": 3}]]],
     [1, "v", [[1, {}]]], [1, "v", [["q", {}]] * (MOST + 1)], [1, "v", [["x" * LARGEST, {}]]]],
)  # fmt: skip
def test_a_code_of_something_else_is_refused(held: object) -> None:
    """Also one that would unfold to more than any conversation holds."""
    with pytest.raises(LinkError, match="damaged"):
        unpack(packed(held))


def test_a_code_cut_short_or_of_another_form_is_refused() -> None:
    """With what is wrong."""
    code = pack([("What colour is the rose?", {})], "v")
    with pytest.raises(LinkError, match="cut short"):
        unpack(code[:-4])
    with pytest.raises(LinkError, match="another version"):
        unpack(packed([2, "v", [["q", {}]]]))
    with pytest.raises(LinkError, match="longer"):
        unpack("a" * (LONGEST + 1))
