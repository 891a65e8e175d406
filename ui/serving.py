"""How the app is served, as the settings say it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from graph.settings import number, setting
from graph.worker import Limits
from ui.desk import Bounds
from ui.gate import sound

PREFIX = "/api/v1"
MAX_API_BODY = 64 * 1024  # bytes of a request; the longest question with its history is a fraction of it


@dataclass(frozen=True, slots=True)
class Serving:
    """Who may ask (``hosts``: under which names; ``origins``: from which pages), how often (requests a minute), what it may take,
    and the token that all must know ('': none).
    """

    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    rate: int = 0
    token: str = field(default="", repr=False)
    bounds: Bounds = field(default_factory=Bounds)
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def read(cls) -> Serving:
        """What the settings say. Raises SettingError for a value that cannot be used."""
        return cls(
            hosts=tuple(setting("FRAMEGRAPH_HOSTS").split()),
            origins=tuple(setting("FRAMEGRAPH_CORS").split()),
            rate=int(number("FRAMEGRAPH_RATE")),
            token=sound(setting("FRAMEGRAPH_TOKEN")),
            bounds=Bounds(int(number("FRAMEGRAPH_WAITING", least=1)), number("FRAMEGRAPH_ANSWER_TIMEOUT", least=0.1)),
            limits=replace(
                Limits(),
                seconds=number("FRAMEGRAPH_QUERY_TIMEOUT", least=0.1),
                rows=int(number("FRAMEGRAPH_QUERY_ROWS", least=1)),
                workers=int(number("FRAMEGRAPH_WORKERS", least=1)),
            ),
        )
