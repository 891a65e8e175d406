"""What a worker gives up before it meets strangers: files, sockets, core dumps, unbounded memory."""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from pathlib import Path

# Linux: the kernel's name of the machine, and its number there for the call ``socket``
_SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


def confine(memory: int) -> None:
    """Write no file, open no socket, dump no core, grow by ``memory`` bytes at most, and leave the CPU to others first.

    The store's files are open for reading by now or are opened as they are read, which stays allowed.
    """
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine's last words when memory ends are of no use to anyone
    if held := space():
        resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
    forbid_sockets()


def space() -> int:
    """Bytes of address space that this process holds; 0 where the system does not say (then it is not limited)."""
    return _statm(0)


def resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    return _statm(1)


def _statm(field: int) -> int:
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[field]) * resource.getpagesize() if statm.exists() else 0


def forbid_sockets() -> bool:
    """Ask the kernel to refuse every new socket of this process from now on (seccomp); False where it cannot.

    The filter reads: another machine's call, or any call but ``socket``: allow; else fail with EPERM.
    """
    if sys.platform != "linux" or platform.machine() not in _SOCKET_CALL:
        return False
    machine, call = _SOCKET_CALL[platform.machine()]
    load, equal, end, allow, refuse = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050001
    steps = [(load, 0, 0, 4), (equal, 0, 3, machine), (load, 0, 0, 0), (equal, 0, 1, call), (end, 0, 0, refuse), (end, 0, 0, allow)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    filter_ = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(program))  # struct sock_fprog
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, seccomp, filter_mode = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return int(libc.prctl(seccomp, filter_mode, filter_, 0, 0)) == 0
