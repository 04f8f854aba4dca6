"""automerge, with its own protocol between two replicas. Its Python package cannot make a counter yet (1.0.0rc1)."""

from __future__ import annotations

from automerge.core import ROOT, Document, Message, ObjType, ScalarType, SyncState

from harness.dataset import COLUMNS, INTEGERS

PACKAGE = "automerge==1.0.0rc1"


def kind(field):
    return ScalarType.Int if field in INTEGERS else ScalarType.Str


class Replica:
    def __init__(self, number, snapshot=None):
        actor = number.to_bytes(16, "big")
        if snapshot:
            self.doc = Document.load(snapshot)
            self.doc.set_actor(actor)
        else:
            self.doc = Document(actor)

    def insert(self, records):
        with self.doc.transaction() as change:
            for record, fields in records:
                made = change.put_object(ROOT, record, ObjType.Map)
                for field, value in fields:
                    change.put(made, field, kind(field), value)

    def edit(self, edits):
        with self.doc.transaction() as change:
            for record, field, value in edits:
                change.put(change.get(ROOT, record)[1], field, kind(field), value)

    def mark(self):
        return self.doc.get_heads()

    def since(self, mark):
        return b"".join(change.bytes for change in self.doc.get_changes(mark))

    def everything(self):
        return self.since([])

    def snapshot(self):
        return self.doc.save()

    def send(self, other, since):
        """Its protocol finds out by itself what the other lacks."""
        here, there, crossed = SyncState(), SyncState(), []
        while True:
            message = self.doc.generate_sync_message(here)
            if message is not None:
                crossed.append(message.encode())
                other.doc.receive_sync_message(there, Message.decode(crossed[-1]))
            answer = other.doc.generate_sync_message(there)
            if answer is not None:
                crossed.append(answer.encode())
                self.doc.receive_sync_message(here, Message.decode(crossed[-1]))
            if message is None and answer is None:
                return crossed

    def value(self):
        values = {}
        for record in self.doc.keys(ROOT):
            found = self.doc.get(ROOT, record)[1]
            values[record] = tuple(str(self.doc.get(found, field)[0][1]) for field in COLUMNS)
        return values
