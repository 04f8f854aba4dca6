"""PostgreSQL: how often it commits a row of one kilobyte, in a server of its own that is gone afterwards."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from harness.bench import Bench, Measurement
from harness.running import run, tell

CLIENTS = (1, 16)
SECONDS = 4
INSERT = "INSERT INTO log(body) VALUES (decode(repeat('61', 1024), 'hex'));\n"


def programs() -> Path | None:
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def once(bench: Bench, programs: Path) -> None:
    """It refuses to run as root, and its user needs a way to its folder."""
    folder = bench.fresh("postgres")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    server = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_wal_size=4GB"
    run([*as_user, programs / "initdb", "-D", data, "--auth=trust", "-U", "postgres", "--no-sync"])
    run([*as_user, programs / "pg_ctl", "-D", data, "-w", "-o", server, "-l", folder / "log", "start"])
    try:
        connection = ["-h", str(folder), "-U", "postgres"]
        run([*as_user, programs / "psql", *connection, "-c", "CREATE TABLE log(seq bigserial PRIMARY KEY, body bytea)"])
        script = folder / "insert.sql"
        script.write_text(INSERT)
        script.chmod(0o644)
        for clients in CLIENTS:
            ended = run([*as_user, programs / "pgbench", *connection, "-n", "-T", str(SECONDS), "-c", str(clients), "-M", "prepared", "-f", script])
            rate = re.search(r"tps = ([\d.]+)", ended.output)
            if rate:
                bench.figures.add("postgres", "W7", f"commits_per_s_{clients}", float(rate[1]))
    finally:
        run([*as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
        bench.remove(folder)


def measurements(bench: Bench) -> list[Measurement]:
    if not bench.wants("W7"):
        return []
    found = programs()
    if found is None:
        tell("PostgreSQL is left out:  apt install postgresql")
        return []
    return [Measurement("postgres", lambda: once(bench, found))]
