#!/usr/bin/env python3
"""Replays the editing trace known as B4 (259,778 edits of a letter) with this engine and with pycrdt, automerge and loro, in one run.

    pip install pycrdt automerge==1.0.0rc1 loro
    python3 Benchmarks/editing-trace/run.py PROGRAM TRACE.json.gz [ROUNDS]

PROGRAM is the release build of the product editing-trace. Measured: `apply`, from positions in memory to a document that shows the text, in transactions of
1,000 edits; `bytes an edit`, of what the library saves with its whole history (ours: the content of a segment, before sealing); `open`, from these bytes (ours:
from the view's) to one more edit. Medians of ROUNDS (5), rounds of all in turn; the text of each is compared outside what is measured.
"""
import gzip
import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEP = 1000


def timed(body):
    start = time.perf_counter()
    result = body()
    return (time.perf_counter() - start) * 1000, result


def pycrdt_round(patches):
    from pycrdt import Doc, Text

    def apply():
        doc = Doc()
        doc["text"] = text = Text()
        for start in range(0, len(patches), STEP):
            with doc.transaction():
                for position, deleted, inserted in patches[start:start + STEP]:
                    if deleted:
                        del text[position:position + deleted]
                    if inserted:
                        text.insert(position, inserted)
        return doc, str(text)

    def load():
        doc = Doc()
        doc.apply_update(saved)
        text = doc.get("text", type=Text)
        text.insert(0, "x")

    apply_ms, (doc, shown) = timed(apply)
    saved = doc.get_update()
    return apply_ms, len(saved), timed(load)[0], shown


def loro_round(patches):
    from loro import ExportMode, LoroDoc

    def apply():
        doc = LoroDoc()
        text = doc.get_text("text")
        for start in range(0, len(patches), STEP):
            for position, deleted, inserted in patches[start:start + STEP]:
                if deleted:
                    text.delete(position, deleted)
                if inserted:
                    text.insert(position, inserted)
            doc.commit()
        return doc, text.to_string()

    def load():
        doc = LoroDoc()
        doc.import_(saved)
        doc.get_text("text").insert(0, "x")

    apply_ms, (doc, shown) = timed(apply)
    saved = doc.export(ExportMode.Snapshot())
    return apply_ms, len(saved), timed(load)[0], shown


def automerge_round(patches):
    from automerge.core import ROOT, Document, ObjType, ScalarType

    def apply():
        doc = Document()
        with doc.transaction() as change:
            text = change.put_object(ROOT, "text", ObjType.Text)
        for start in range(0, len(patches), STEP):
            with doc.transaction() as change:
                for position, deleted, inserted in patches[start:start + STEP]:
                    for _ in range(deleted):
                        change.delete(text, position)
                    for offset, letter in enumerate(inserted):
                        change.insert(text, position + offset, ScalarType.Str, letter)
        return doc, text, doc.text(text)

    def load():
        doc = Document.load(saved)
        with doc.transaction() as change:
            change.insert(text, 0, ScalarType.Str, "x")

    apply_ms, (doc, text, shown) = timed(apply)
    saved = doc.save()
    return apply_ms, len(saved), timed(load)[0], shown


def main():
    program, path = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    trace = json.load(gzip.open(path))
    patches = [tuple(patch) for entry in trace["txns"] for patch in entry["patches"]]
    peers = {"pycrdt (Yjs)": pycrdt_round, "automerge": automerge_round, "loro": loro_round}
    results = {name: [] for name in ["this engine", *peers]}
    extra = []
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "trace")
        lines.write_text("".join(f"{p} {d} {t.encode().hex()}\n" for p, d, t in patches))
        for number in range(rounds):
            store = Path(folder, str(number))
            store.mkdir()
            ours = json.loads(subprocess.run([program, lines, store], check=True, capture_output=True, text=True).stdout)
            digest = hashlib.sha256(trace["endContent"].encode()).hexdigest()
            assert ours["hash"] == digest, "another text"
            results["this engine"].append((ours["apply_ms"], ours["bytes"], ours["open_ms"]))
            extra.append(ours)
            for name, play in peers.items():
                *figures, shown = play(patches)
                assert shown == trace["endContent"], f"{name}: another text"
                results[name].append(tuple(figures))
    print(f"{len(patches)} edits, {rounds} rounds: median (lowest to highest)")
    print(f"{'':14} {'apply ms':>24} {'bytes an edit':>14} {'open ms':>22}")
    for name, figures in results.items():
        apply, size, load = zip(*figures)
        print(
            f"{name:14} {statistics.median(apply):8.1f} ({min(apply):.1f} to {max(apply):.1f})".ljust(40)
            + f"{statistics.median(size) / len(patches):14.3f}"
            + f" {statistics.median(load):9.2f} ({min(load):.2f} to {max(load):.2f})")
    for key, what in (
        ("merge_ms", "merging alone, ms"), ("durable_ms", "as durable commits with the view up to date, ms"),
        ("store_open_ms", "a closed store until the text is open, ms"), ("state_bytes", "kept in the view, bytes"),
    ):
        print(f"this engine, {what}: {statistics.median([each[key] for each in extra]):.1f}")


if __name__ == "__main__":
    main()
