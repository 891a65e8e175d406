"""A conversation in an address: questions, choices and the version of the graph, packed. Pure; nothing is stored anywhere.

The code is JSON, ``[1, version, [[question, choices], ...]]``, deflated (RFC 1951) and written in the alphabet of addresses
(RFC 4648, section 5). The last question is the one that the link leads to, those before it are its context.
"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FORM = 1  # of the code; another one is refused
LONGEST = 16_000  # characters of a code
LARGEST = 200_000  # bytes of what it holds: a small code may hold much
MOST = 20  # questions

Asked = tuple[str, Mapping[str, str]]  # a question and the choices made in it


class LinkError(ValueError):
    """A code that was cut short, changed or made by something else; the message is for the reader."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What a code holds: the questions, oldest first, and the version of the graph that answered them."""

    asked: tuple[Asked, ...]
    version: str


def pack(asked: Sequence[Asked], version: str) -> str:
    """The code of a conversation: its last questions; '' for none."""
    if not asked:
        return ""
    held = [FORM, version, [[question, dict(choices)] for question, choices in asked[-MOST:]]]
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return urlsafe_b64encode(deflate.compress(text) + deflate.flush()).decode().rstrip("=")


def unpack(code: str) -> Talk:
    """What a code holds. Raises LinkError for one that cannot be read."""
    damaged = "this link is damaged or was cut short"
    if len(code) > LONGEST:
        raise LinkError("this link is longer than any that is made here")
    try:
        inflate = zlib.decompressobj(-15)
        text = inflate.decompress(urlsafe_b64decode(code.encode() + b"=" * (-len(code) % 4)), LARGEST)
        held = json.loads(text) if inflate.eof else None
    except (ValueError, zlib.error, RecursionError) as error:
        raise LinkError(damaged) from error
    match held:
        case [int(form), *_] if form != FORM:
            raise LinkError("this link was made by another version of this program")
        case [int(), str(version), [*turns]] if 0 < len(turns) <= MOST and all(map(_is_turn, turns)):
            return Talk(tuple((question, choices) for question, choices in turns), version)
    raise LinkError(damaged)


def _is_turn(turn: Any) -> bool:
    match turn:
        case [str(), dict() as choices]:
            return all(isinstance(v, str) for v in choices.values())
    return False
