"""What is posted to relays, ours and others: requests that are made beforehand, and sent by peers/load.c."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from .bench import Bench
from .running import run

PUSHERS = (1, 8, 32, 64)
BODY_BYTES = 1024


def posts(pushers: int) -> int:
    """How many each pusher sends: enough that a second passes on a fast disk."""
    return max(200, 6000 // pushers)


def request(path: str, body: bytes, token: str = "") -> bytes:
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"POST {path} HTTP/1.1\r\nHost: relay\r\n{authorization}Content-Length: {len(body)}\r\n\r\n".encode() + body


def write(path: Path, requests: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for each in requests:
            file.write(struct.pack("=I", len(each)) + each)


def answered_per_second(bench: Bench, port: int, pushers: int, requests: Path) -> float:
    return float(run([bench.build / "load", str(port), str(pushers), requests]).output)
