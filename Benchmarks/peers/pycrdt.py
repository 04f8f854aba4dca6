"""pycrdt: the Rust port of Yjs. It has no counter."""

from __future__ import annotations

from pycrdt import Doc, Map

PACKAGE = "pycrdt==0.14.13"


class Replica:
    def __init__(self, number, snapshot=None):
        self.doc = Doc(client_id=number)
        self.root = self.doc.get("events", type=Map)
        if snapshot:
            self.apply(snapshot)

    def insert(self, records):
        with self.doc.transaction():
            for record, fields in records:
                self.root[record] = Map(dict(fields))

    def edit(self, edits):
        with self.doc.transaction():
            for record, field, value in edits:
                self.root[record][field] = value

    def mark(self):
        return self.doc.get_state()

    def since(self, mark):
        return self.doc.get_update(mark)

    def everything(self):
        return self.doc.get_update()

    snapshot = everything

    def apply(self, update):
        self.doc.apply_update(update)

    def send(self, other, since):
        update = self.everything() if since is None else self.since(since)
        other.apply(update)
        return [update]

    def value(self):
        return self.root.to_py()
