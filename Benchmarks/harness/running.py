"""Other programs: run, and timed."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LONGEST_SECONDS = 1800


class Failed(Exception):
    """A program ended with an error, or what it left is not what it should be: no figure of it can be trusted."""


@dataclass(frozen=True)
class Ended:
    output: str
    seconds: float


def run(command: list[str | Path], environment: dict[str, str] | None = None) -> Ended:
    """Waits for it, and gives what it printed, and how long it took whole."""
    start = time.perf_counter()
    words = [str(word) for word in command]
    try:
        ended = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{' '.join(words)} did not end within {LONGEST_SECONDS} seconds") from error
    seconds = time.perf_counter() - start
    if ended.returncode != 0:
        raise Failed(f"{' '.join(words)} ended with {ended.returncode}: {ended.stderr.strip() or ended.stdout.strip()}"[:2000])
    return Ended(ended.stdout, seconds)


def check(condition: bool, what: str) -> None:
    if not condition:
        raise Failed(what)


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
