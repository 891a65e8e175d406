"""One server over a small graph that holds hostile names, with a listener that nobody may call and a file that nobody may read."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant import Assistant
from tests.ui.conftest import serving

HERE = Path(__file__).resolve().parent
SECRET = "CANARY-5f1e0c"  # what the file and the environment hold


class Listener:
    """A server on loopback that counts who connects: the place to which hostile inputs point."""

    def __init__(self) -> None:
        self.callers: list[object] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # raised when it is closed
            while True:
                caller, address = self._socket.accept()
                caller.close()
                if not self._thread_ends:
                    self.callers.append(address)
                else:
                    return

    _thread_ends = False

    def close(self) -> None:
        self._thread_ends = True
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes it
        self._thread.join()
        self._socket.close()


@dataclass(frozen=True)
class Target:
    """What is attacked: the server's address, the assistant behind it, the listener, and the secret's file."""

    address: str
    assistant: Assistant
    listener: Listener
    canary: Path
    ran: Path = field(init=False)  # the file that an input makes which is executed

    def __post_init__(self) -> None:
        object.__setattr__(self, "ran", self.canary.with_name(self.canary.name + ".run"))

    def filled(self, text: str) -> str:
        """An input with its places filled in: {host}, {listener}, {port}, {canary}."""
        places = {"host": self.address.removeprefix("http://"), "listener": f"127.0.0.1:{self.listener.port}", "port": self.listener.port}
        for name, value in {**places, "canary": self.canary}.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("graph")
    for file in (HERE.parent / "fixtures" / "museum.ttl", HERE / "stranger.ttl"):
        shutil.copy(file, folder)
    canary = tmp_path_factory.mktemp("secrets") / "canary.ttl"
    canary.write_text(f'<urn:canary> <urn:says> "{SECRET}" .', encoding="utf-8")
    listener = Listener()
    assistant = Assistant.open(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "SECRET_OF_THIS_MACHINE", SECRET)
        patch.setenv("FRAMEGRAPH_QUERY_TIMEOUT", "3")
        with serving(assistant) as address:
            yield Target(address, assistant, listener, canary)
    listener.close()
