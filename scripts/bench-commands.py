#!/usr/bin/env python3
"""How long whole commands take on a store of N records: process start, work, process end.

    python3 scripts/bench-commands.py PATH-TO-SYNC [--records 10000] [--runs 41]

Prints minimum, median and maximum in milliseconds, of `runs` runs after three that are not counted. `true` is timed among
them: what the machine takes for a process that does nothing. The same commands on a store with a passphrase are timed in turn with
them, unlocked beforehand: what they take longer is what opening a sealed store costs beside scrypt.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import tempfile
import time


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


def seal(sync: str, folder: str, source: str) -> list[str]:
    """A store of the same records with a passphrase, unlocked, its lists in an image."""
    os.environ["XDG_RUNTIME_DIR"] = folder + "/run"
    os.mkdir(folder + "/run", 0o700)
    with open(folder + "/passphrase", "w", encoding="utf-8") as file:
        file.write("five words that nobody guesses\n")
    base = [sync, "--store", folder + "/sealed"]
    passphrase = ["--passphrase-file", folder + "/passphrase"]
    subprocess.run(base + ["init", "--team", "bench"] + passphrase, check=True, capture_output=True)
    subprocess.run(base + ["unlock", "--for", "12h"] + passphrase, check=True, capture_output=True)
    subprocess.run(base + ["import", source], check=True, capture_output=True)
    return base


def edited(base: list[str]) -> str:
    """The id of a record that was imported among the others, and edited since."""
    listed = subprocess.run(base + ["event", "list", "--plain", "--limit", "1"], check=True, capture_output=True, text=True)
    record = listed.stdout.split("\t")[0]
    for day in range(1, 21):
        subprocess.run(base + ["event", "edit", record, "--on", f"2017-05-{day:02}"], check=True, capture_output=True)
    return record


def time_once(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sync")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=41)
    options = parser.parse_args()
    sync = os.path.abspath(options.sync)
    with tempfile.TemporaryDirectory() as folder:
        store, source = folder + "/store", folder + "/events.ndjson"
        with open(source, "w", encoding="utf-8") as file:
            file.write(records(options.records))
        base = [sync, "--store", store]
        subprocess.run(base + ["init", "--team", "bench", "--no-passphrase"], check=True, capture_output=True)
        start = time.perf_counter()
        subprocess.run(base + ["import", source], check=True, capture_output=True)
        print(f"import of {options.records} records: {(time.perf_counter() - start) * 1000:.0f} ms")
        sealed = seal(sync, folder, source)
        commands = {
            "true": ["/bin/true"],
            "sync --version": [sync, "--version"],
            "event add": base + ["event", "add", "Rally", "--on", "2017-04-22", "--city", "Leeds", "--count", "around 400"],
            "event list (50)": base + ["event", "list"],
            "status": base + ["status"],
            "search": base + ["search", "solidarity"],
            "history": base + ["history", edited(base)],
        }
        for name in ["event add", "event list (50)", "status", "search"]:
            commands[name + ", sealed"] = sealed + commands[name][3:]
        times: dict[str, list[float]] = {name: [] for name in commands}
        for run in range(options.runs + 3):
            for name, command in commands.items():
                elapsed = time_once(command)
                if run >= 3:
                    times[name].append(elapsed)
        print(f"{'command':24} {'min':>7} {'median':>7} {'max':>7}   ms, {options.runs} runs each, in turn")
        for name, values in times.items():
            print(f"{name:24} {min(values):7.1f} {statistics.median(values):7.1f} {max(values):7.1f}")


if __name__ == "__main__":
    main()
