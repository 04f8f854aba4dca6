"""sqlite3, the shell: opens a database of the same number of rows, updates one, and ends. The update is durable."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.bench import Bench
from harness.dataset import made
from harness.running import tell

TABLE = ("CREATE TABLE events(id BLOB PRIMARY KEY NOT NULL, title TEXT, city TEXT, country TEXT, starts_at INTEGER, attendance_low INTEGER, "
         "attendance_high INTEGER, organiser TEXT, notes TEXT, status TEXT)")


def fill(path: Path, data: Path) -> str:
    """Gives the id of a row."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(TABLE)
    rows = [line.split("\t") for line in (data / "records.tsv").read_text(encoding="utf-8").splitlines()]
    database.executemany(f"INSERT INTO events VALUES({', '.join('?' * 10)})", ((bytes.fromhex(row[0]), *row[1:]) for row in rows))
    database.commit()
    database.close()
    return rows[0][0]


def commands(bench: Bench, folder: Path, command: Callable[..., Any]) -> list[Any]:
    if shutil.which("sqlite3") is None:
        tell("the sqlite3 shell is left out:  apt install sqlite3")
        return []
    count = int(folder.name.rsplit("-", 1)[1])
    path = folder / "rows.db"
    row = fill(path, made(bench.data.parent, count))
    sql = f"PRAGMA synchronous = FULL; UPDATE events SET status = 'x' || abs(random() % 1000) WHERE id = x'{row}'"
    return [command("sqlite3", "open_and_update", ["sqlite3", path, sql])]
