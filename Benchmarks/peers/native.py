"""The peers in C: SQLite itself as the floor, its session extension, and a bare relay."""

from __future__ import annotations

import shutil
import subprocess

from harness import load
from harness.bench import HERE, Bench, Measurement
from harness.running import check, run
from harness.team import free_port, wait_for

SESSION = ("-DSQLITE_ENABLE_SESSION", "-DSQLITE_ENABLE_PREUPDATE_HOOK")
PROGRAMS = {
    "floor": ("-lsqlite3",),
    "session": (*SESSION, "-lsqlite3", "-lzstd"),
    "bare-relay": ("-lsqlite3",),
    "load": (),
    "peak": (),
}


def build(bench: Bench) -> None:
    """In seconds, so that it is done each time."""
    compiler = shutil.which("cc") or shutil.which("clang")
    check(compiler is not None, "a C compiler is needed:  apt install gcc libsqlite3-dev libzstd-dev")
    for name, flags in PROGRAMS.items():
        source = HERE / "peers" / f"{name}.c"
        run([compiler, "-O2", "-Wall", "-Wextra", "-Wno-unused-function", "-o", bench.build / name, source, *flags])


def once(bench: Bench, name: str) -> None:
    folder = bench.fresh(name)
    bench.figures.add_lines(run([bench.build / name, bench.data, folder]).output)
    bench.remove(folder)


def relay_once(bench: Bench) -> None:
    for pushers in load.PUSHERS:
        folder, port, count = bench.fresh("bare-relay"), free_port(), load.posts(pushers)
        load.write(folder / "posts", (load.request("/push", b"x" * load.BODY_BYTES) for _ in range(count * pushers)))
        relay = subprocess.Popen([bench.build / "bare-relay", str(port), folder / "relay.db"])
        try:
            wait_for(port)
            rate = load.answered_per_second(bench, port, pushers, folder / "posts")
            bench.figures.add("bare-relay", "W7", f"posts_per_s_{pushers}", rate)
        finally:
            relay.terminate()
            relay.wait()
        stored = run(["sqlite3", folder / "relay.db", "SELECT count(*), sum(length(body)) FROM log"]).output.strip()
        check(stored == f"{count * pushers}|{count * pushers * load.BODY_BYTES}", f"the bare relay stored {stored}")
        bench.remove(folder)


def measurements(bench: Bench) -> list[Measurement]:
    found: list[Measurement] = []
    if bench.wants("W1", "W3"):
        found.append(Measurement("floor", lambda: once(bench, "floor")))
    if bench.wants("W1", "W2", "W3"):
        found.append(Measurement("session", lambda: once(bench, "session")))
    if bench.wants("W7"):
        found.append(Measurement("bare-relay", lambda: relay_once(bench)))
    return found
