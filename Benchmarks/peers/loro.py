"""loro, whose counter is the one that ours is held against."""

from __future__ import annotations

from loro import ExportMode, LoroDoc, LoroMap, VersionVector

PACKAGE = "loro==1.17.1"


class Replica:
    def __init__(self, number, snapshot=None):
        self.doc = LoroDoc()
        self.doc.peer_id = number
        self.root = self.doc.get_map("events")
        if snapshot:
            self.apply(snapshot)

    def insert(self, records):
        for record, fields in records:
            made = self.root.insert_container(record, LoroMap())
            for field, value in fields:
                made.insert(field, value)
        self.doc.commit()

    def edit(self, edits):
        for record, field, value in edits:
            self.root.get(record).container.insert(field, value)
        self.doc.commit()

    def mark(self):
        return self.doc.oplog_vv

    def since(self, mark):
        return self.doc.export(ExportMode.Updates(mark))

    def everything(self):
        return self.since(VersionVector())

    def snapshot(self):
        return self.doc.export(ExportMode.Snapshot())

    def apply(self, update):
        self.doc.import_(update)

    def send(self, other, since):
        update = self.everything() if since is None else self.since(since)
        other.apply(update)
        return [update]

    def value(self):
        return self.root.get_deep_value()

    def increment(self, count):
        counter = self.doc.get_counter("count")
        for _ in range(count):
            counter.increment(1)
        self.doc.commit()

    def counted(self):
        return self.doc.get_counter("count").value
