"""W8: whole processes of the command line, on stores of several sizes, with a passphrase and without."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from harness.bench import ROOT, Bench, Measurement
from harness.running import check, run
from harness.team import environment
from peers import sqlite3_shell, taskwarrior

sys.path.insert(0, str(ROOT / "scripts"))
from relay_process import Relay  # noqa: E402

RUNS, UNCOUNTED = 41, 3
SIZES = (100, 10_000)
"""And as many records as the run has."""
ADD = ["event", "add", "Rally", "--on", "2017-04-22", "--city", "Leeds", "--count", "around 400"]


def records(count: int) -> str:
    """The same `count` events each time: titles, cities, dates, statuses from small vocabularies, a count each."""
    rng = random.Random(20240229)
    words = "rally vigil march solidarity people city square river bridge spring night open letter union hall".split()
    cities = ["Leeds", "York", "Paris", "Roma", "Berlin", "München", "Brasília", "Stockholm", "London", "Kraków"]
    lines = []
    for number in range(count):
        lines.append(
            json.dumps(
                {
                    "type": "event",
                    "code": f"bench:{number}",
                    "title": " ".join(rng.choices(words, k=4)).capitalize(),
                    "starts": f"20{rng.randrange(10, 26)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
                    "status": rng.choice(["called", "confirmed", "held"]),
                    "place": {"locality": rng.choice(cities), "country": "GB"},
                    "description": " ".join(rng.choices(words, k=18)),
                    "counts": [{"what": "attendance", "text": f"about {rng.randrange(10, 5000)}", "basis": "organiser"}],
                },
                ensure_ascii=False,
            )
        )
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Command:
    """Timed whole. `measure` gets _ms and _mb behind it."""

    peer: str
    measure: str
    words: list[str | Path]


class Stores:
    """Two of the same records, one with a passphrase that was given before, and a relay that has all of the other."""

    def __init__(self, bench: Bench, count: int) -> None:
        self.bench = bench
        self.count = count
        self.folder = bench.fresh(f"commands-{count}")
        self.environment = environment(self.folder)
        source = self.folder / "events.ndjson"
        source.write_text(records(count), encoding="utf-8")
        self.plain = [bench.sync, "--store", self.folder / "plain"]
        self.sealed = [bench.sync, "--store", self.folder / "sealed"]
        self.relay = Relay(str(bench.sync), str(self.folder / "relay"), 0, ("--requests-per-minute", "0"))
        self.run(self.plain, "init", "--team", "bench", "--no-passphrase")
        self.run(self.plain, "remote", "add", "relay", self.relay.url)
        imported = self.run(self.plain, "import", source).seconds
        bench.figures.add("sync", "W8", self.named("import_s"), imported)
        passphrase = self.folder / "passphrase"
        passphrase.write_text("five words that nobody guesses\n")
        self.run(self.sealed, "init", "--team", "bench", "--passphrase-file", passphrase)
        self.run(self.sealed, "unlock", "--for", "12h", "--passphrase-file", passphrase)
        self.run(self.sealed, "import", source)
        self.edited = self.edit_often()
        self.run(self.plain, "now")

    def run(self, base: list[str | Path], *words: str | Path):
        return run([*base, *words, "--no-input"], self.environment)

    def edit_often(self) -> str:
        """The id of a record that was imported among the others, and edited since."""
        record = self.run(self.plain, "event", "list", "--plain", "--limit", "1").output.split("\t")[0]
        for day in range(1, 21):
            self.run(self.plain, "event", "edit", record, "--on", f"2017-05-{day:02}")
        return record

    def named(self, measure: str) -> str:
        return measure if self.count == self.bench.records else f"{measure} at {self.count:,}"

    def commands(self) -> list[Command]:
        plain, sealed = self.plain, self.sealed
        search = ["search", "solidarity"]
        found = [
            Command("nothing", "true", ["/bin/true"]),
            Command("sync", "version", [self.bench.sync, "--version"]),
            Command("sync", "add", [*plain, *ADD]),
            Command("sync", "list", [*plain, "event", "list"]),
            Command("sync", "show", [*plain, "event", "show", self.edited]),
            Command("sync", "status", [*plain, "status"]),
            Command("sync", "search", [*plain, *search]),
            Command("sync", "history", [*plain, "history", self.edited]),
            Command("sync", "add_sealed", [*sealed, *ADD]),
            Command("sync", "list_sealed", [*sealed, "event", "list"]),
            Command("sync", "status_sealed", [*sealed, "status"]),
            Command("sync", "search_sealed", [*sealed, *search]),
        ]
        found += sqlite3_shell.commands(self.bench, self.folder, Command)
        return found + taskwarrior.commands(self.folder, Command)

    def check(self) -> None:
        """Every event that was added is there."""
        for base in (self.plain, self.sealed):
            listed = self.run(base, "event", "list", "--plain", "--all").output.splitlines()
            check(len(listed) == self.count + RUNS + UNCOUNTED, f"{len(listed)} events are listed")

    def stop(self) -> None:
        self.relay.stop()
        self.bench.remove(self.folder)


def measure(bench: Bench, count: int, only: set[str] | None = None) -> None:
    """In turn, so that a busy moment hits all alike. `only`: these measures of ours."""
    stores = Stores(bench, count)
    try:
        commands = [command for command in stores.commands() if only is None or command.measure in only and command.peer == "sync"]
        for turn in range(RUNS + UNCOUNTED):
            for command in commands:
                ended = run(command.words, stores.environment)
                if turn >= UNCOUNTED:
                    bench.figures.add(command.peer, "W8", stores.named(f"{command.measure}_ms"), ended.seconds * 1000)
        # After the last change was sent, so that nothing is new.
        stores.run(stores.plain, "now")
        for _ in range(RUNS if only is None else 0):
            bench.figures.add("sync", "W8", stores.named("now_ms"), stores.run(stores.plain, "now").seconds * 1000)
        if only is None:
            stores.check()
            for command in commands:
                _, peak = bench.run_with_peak(command.words, stores.environment)
                bench.figures.add(command.peer, "W8", stores.named(f"{command.measure}_mb"), peak)
    finally:
        stores.stop()


def measurements(bench: Bench) -> list[Measurement]:
    if not bench.wants("W8"):
        return []
    sizes = sorted({size for size in SIZES if size < bench.records} | {bench.records})
    return [Measurement(f"sync: commands on {size:,}", lambda size=size: measure(bench, size), rounds=1) for size in sizes]
