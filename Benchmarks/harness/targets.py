"""What must hold: our figure beside that of others, or beside a number."""

from __future__ import annotations

from dataclasses import dataclass

LIBRARIES = ("pycrdt", "automerge", "loro")


@dataclass(frozen=True)
class Target:
    """`ours` and `theirs` are measures of one workload. Without `peers`, `limit` is the bound itself; else it is a factor of the best peer's."""

    workload: str
    what: str
    ours: str
    limit: float
    unit: str
    at_least: bool = False
    peers: tuple[str, ...] = ()
    theirs: str = ""
    """Where the peers' measure has another name."""

    @property
    def peers_measure(self) -> str:
        return self.theirs or self.ours


def at_least(workload: str, what: str, ours: str, limit: float, unit: str, peers: tuple[str, ...] = (), theirs: str = "") -> Target:
    return Target(workload, what, ours, limit, unit, True, peers, theirs)


def at_most(workload: str, what: str, ours: str, limit: float, unit: str, peers: tuple[str, ...] = (), theirs: str = "") -> Target:
    return Target(workload, what, ours, limit, unit, False, peers, theirs)


TARGETS = [
    at_least("W1", "bulk write beside plain SQLite, FULL", "records_per_s", 0.45, "/s", ("floor",)),
    at_least("W1", "bulk write beside the best CRDT library", "records_per_s", 3, "/s", LIBRARIES),
    at_most("W1", "disk, view and log", "bytes_per_record", 1.5, "B", ("floor",)),
    at_least("W1", "single durable commits", "singles_per_s", 0.7, "/s", ("floor",)),
    at_most("W2", "first sync", "total_s", 0.6, "s", LIBRARIES),
    at_most("W2", "on the wire, a record", "wire_bytes_per_record", 95, "B"),
    at_most("W3", "1 % edited, warm", "warm_ms", 1.5, "ms", ("floor",)),
    at_most("W3", "1 % edited, two processes", "cold_ms", 25, "ms"),
    at_most("W3", "1 % edited, on the wire", "wire_bytes", 24_000, "B"),
    at_most("W4", "star of ten", "merge_s", 0.9, "s", LIBRARIES),
    at_most("W4", "star of ten, sent up", "up_bytes", 1_000_000, "B"),
    at_most("W4", "star of ten, sent down", "down_bytes", 8_000_000, "B"),
    at_most("W4", "star of ten, memory a replica", "replica_mb", 100, "MB"),
    at_most("W5", "single pushes, each", "bytes_per_push", 260, "B"),
    at_most("W5", "newcomer's pull: signatures and hashes", "verification_s", 0.1, "s"),
    at_least("W6", "increments", "increments_per_s", 1, "/s", ("loro",)),
    at_least("W7", "durable posts from 1", "posts_per_s_1", 0.5, "/s", ("bare-relay",)),
    at_least("W7", "durable posts from 32", "posts_per_s_32", 0.2, "/s", ("bare-relay",)),
    at_least("W7", "posts to the PostgreSQL store, from 32", "postgres_posts_per_s_32", 0.35, "/s", ("postgres",), "commits_per_s_16"),
    at_least("W7", "pull", "pull_mb_per_s", 300, "MB/s"),
    at_most("W7", "nothing new: requests", "nothing_new_requests", 1, ""),
    at_most("W7", "nothing new: bodies", "nothing_new_bytes", 300, "B"),
    at_most("W8", "--version", "version_ms", 3, "ms"),
    at_most("W8", "event add", "add_ms", 3, "ms", ("sqlite3",), "open_and_update_ms"),
    at_most("W8", "event list (50)", "list_ms", 10, "ms"),
    at_most("W8", "search", "search_ms", 30, "ms"),
    at_most("W8", "now, nothing new", "now_ms", 15, "ms"),
    at_most("W8", "event add with a passphrase, beside scrypt", "add_sealed_ms", 150, "ms"),
    at_least("W9", "rebuild beside bulk write", "records_per_s", 0.5, "/s", ("sync",), "write_records_per_s"),
    at_most("W10", "exponent: bulk write", "write_exponent", 1.05, ""),
    at_most("W10", "exponent: first sync", "sync_exponent", 1.05, ""),
    at_most("W10", "exponent: event add", "add_exponent", 0.1, ""),
    at_most("W10", "exponent: event show", "show_exponent", 0.1, ""),
]
