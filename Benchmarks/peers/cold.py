"""What a command on one of the CRDT libraries would be: a process opens the file with everything, changes one field, and appends the change.

    python -m peers.cold make NAME DATA FILE
    python -m peers.cold update NAME FILE ID
"""

import importlib
import os
import sys
from pathlib import Path


def make(library, data, path):
    from peers.library import Data

    replica = library.Replica(1)
    replica.insert(Data(Path(data)).records("records.tsv"))
    Path(path).write_bytes(replica.snapshot())


def update(library, path, record):
    replica = library.Replica(2, Path(path).read_bytes())
    mark = replica.mark()
    replica.edit([(record, "status", "done")])
    with open(path + ".log", "ab") as log:
        log.write(replica.since(mark))
        log.flush()
        os.fdatasync(log)


if __name__ == "__main__":
    what, name, *rest = sys.argv[1:]
    {"make": make, "update": update}[what](importlib.import_module(f"peers.{name}"), *rest)
