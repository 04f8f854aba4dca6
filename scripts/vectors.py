#!/usr/bin/env python3
"""The format of docs/format.md, a second time, and the golden vectors that hold both implementations to it.

    python3 scripts/vectors.py            writes Tests/Vectors/*.json
    python3 scripts/vectors.py --check    exits 1 when the files differ from what this script makes

Numbers in docstrings (§5) are sections of docs/format.md. Nothing here was taken from the engine. Every vector is
decoded and encoded again, and every refused one is tried, while it is made; so a run that ends has checked itself.
"""

from __future__ import annotations

import argparse
import enum
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FOLDER = Path(__file__).resolve().parent.parent / "Tests" / "Vectors"
Json = Any
Entry = TypeVar("Entry")


class Refused(Exception):
    """The bytes break a rule. `at` names the step, as the vectors do."""

    def __init__(self, at: str) -> None:
        super().__init__(at)
        self.at = at


def require(condition: bool, at: str) -> None:
    if not condition:
        raise Refused(at)


# Notation, §1


def varint(value: int) -> bytes:
    """Unsigned LEB128 of 64 bits."""
    require(0 <= value < 1 << 64, "varint")
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zig(value: int) -> bytes:
    """Zigzag of a signed 64-bit integer, then varint."""
    require(-(1 << 63) <= value < 1 << 63, "zig")
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def sized(data: bytes) -> bytes:
    """`bytes` of §1."""
    return varint(len(data)) + data


def text(string: str) -> bytes:
    return sized(string.encode())


class Reader:
    """Reads what the functions above write, and refuses everything else."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, count: int) -> bytes:
        require(count <= len(self.data) - self.position, "length")
        self.position += count
        return self.data[self.position - count : self.position]

    def rest(self) -> bytes:
        return self.take(len(self.data) - self.position)

    def end(self) -> None:
        require(self.position == len(self.data), "trailing bytes")

    def u8(self) -> int:
        return self.take(1)[0]

    def flag(self) -> bool:
        """A `u8` that is 1 or 0."""
        value = self.u8()
        require(value <= 1, "flag")
        return value == 1

    def version(self) -> None:
        require(self.u8() == 1, "version")

    def varint(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                require(byte != 0 or shift == 0, "overlong varint")
                require(value < 1 << 64, "varint past 64 bits")
                return value
        raise Refused("varint past 10 bytes")

    def zig(self) -> int:
        value = self.varint()
        return value >> 1 if value & 1 == 0 else -(value >> 1) - 1

    def sized(self) -> bytes:
        return self.take(self.varint())

    def text(self) -> str:
        return utf8(self.sized())


def utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refused("utf-8") from error


def hashed(label: str, *parts: bytes) -> bytes:
    """`hash(L, a, b…)`"""
    return hashlib.sha256(label.encode() + b"\0" + b"".join(parts)).digest()


def derive(secret: bytes, label: str, context: bytes = b"") -> bytes:
    """`derive(S, L, c)`"""
    return HKDF(SHA256(), 32, salt=None, info=label.encode() + b"\0" + context).derive(secret)


def seal(key: bytes, nonce: bytes, associated: bytes, plain: bytes) -> bytes:
    return ChaCha20Poly1305(key).encrypt(nonce, plain, associated)


def unseal(key: bytes, nonce: bytes, associated: bytes, sealed: bytes) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, associated)
    except InvalidTag as error:
        raise Refused("tag") from error


def signing_key(seed: bytes) -> bytes:
    """The public half of the Ed25519 key with this seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, label: str, message: bytes) -> bytes:
    """`sign(k, L, m)`; a private key is its 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(label.encode() + b"\0" + message)


def verify(key: bytes, signature: bytes, label: str, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, label.encode() + b"\0" + message)
    except InvalidSignature as error:
        raise Refused("signature") from error


def padme(length: int) -> int:
    """§5; from 64 up."""
    exponent = length.bit_length() - 1
    size = exponent.bit_length()
    step = 1 << exponent - size
    return (length + step - 1) // step * step


def padded(content: bytes, least: int) -> bytes:
    """`bytes content ‖ zeros up to padme(max(least, length so far))`, §5 and §8."""
    start = sized(content)
    return start.ljust(padme(max(least, len(start))), b"\0")


def unpadded(plain: bytes, least: int) -> bytes:
    content = Reader(plain).sized()
    require(padded(content, least) == plain, "padding")
    return content


# Names, §2


@dataclass(frozen=True)
class ChangeName:
    author: bytes
    seq: int
    mark: bytes

    def encoded(self) -> bytes:
        return self.author + varint(self.seq) + self.mark


@dataclass(frozen=True)
class WriteName:
    change: ChangeName
    operation: int

    def encoded(self) -> bytes:
        return self.change.encoded() + varint(self.operation)


def read_change_name(reader: Reader) -> ChangeName:
    name = ChangeName(reader.take(16), reader.varint(), reader.take(8))
    require(name.seq >= 1, "seq 0")
    return name


def team_salt(team: bytes) -> bytes:
    return hashed("sync/v1/salt", team)


def device_id(key: bytes, kem_key: bytes) -> bytes:
    return hashed("sync/v1/device", key, kem_key)[:16]


def author_id(team: bytes, key: bytes, salt: bytes) -> bytes:
    return hashed("sync/v1/author", team, key, salt)[:16]


def log_tag(key: bytes) -> bytes:
    return hashed("sync/v1/tag", key)[:16]


def code_record(kind: str, code: str) -> bytes:
    return hashed("sync/v1/code", kind.encode(), b"\0", code.encode())[:16]


def fresh_record(change: ChangeName, operation: int) -> bytes:
    return hashed("sync/v1/record", WriteName(change, operation).encoded())[:16]


def fresh_key(change: ChangeName, operation: int) -> bytes:
    return hashed("sync/v1/item", WriteName(change, operation).encoded())[:8]


# Values, §3


class Nothing(enum.Enum):
    """The value of a cleared field, which is not the absence of a value."""

    NOTHING = 0


NOTHING = Nothing.NOTHING
Value = Nothing | str | int | bytes | dict[int, "Value"]
StreamPath = tuple[int, ...]
DEEPEST = 4


def write_value(
    value: Value, path: StreamPath, shapes: Callable[[StreamPath], bytearray], data: Callable[[StreamPath], bytearray]
) -> None:
    """Writes a value of §3 into one buffer, or into the streams of §5, as the callers' `shapes` and `data` choose."""
    match value:
        case Nothing():
            shapes(path).extend(varint(0))
        case int():
            shapes(path).extend(varint(2) + zig(value))
        case str() | bytes():
            encoded = value.encode() if isinstance(value, str) else value
            shapes(path).extend(varint(len(encoded) << 3 | (1 if isinstance(value, str) else 3)))
            data(path).extend(encoded)
        case dict():
            shapes(path).extend(varint(len(value) << 3 | 4))
            for part in sorted(value):
                shapes(path).extend(varint(part))
                write_value(value[part], path + (part,), shapes, data)


def read_value(
    path: StreamPath, shapes: Callable[[StreamPath], Reader], data: Callable[[StreamPath], Reader], depth: int = 1
) -> Value:
    """The inverse of `write_value`. `depth` counts the tuples around the value and the value itself, when it is one."""
    shape = shapes(path).varint()
    kind, rest = shape & 7, shape >> 3
    match kind:
        case 0 | 2:
            require(rest == 0, "value shape")
            return NOTHING if kind == 0 else shapes(path).zig()
        case 1:
            return utf8(data(path).take(rest))
        case 3:
            return data(path).take(rest)
        case 4:
            require(depth <= DEEPEST, "nesting")
            return read_parts(rest, path, shapes, data, depth)
    raise Refused("value type")


def read_parts(
    count: int,
    path: StreamPath,
    shapes: Callable[[StreamPath], Reader],
    data: Callable[[StreamPath], Reader],
    depth: int,
) -> Value:
    parts: dict[int, Value] = {}
    before = -1
    for _ in range(count):
        part = shapes(path).varint()
        require(part > before, "part order")
        parts[part] = read_value(path + (part,), shapes, data, depth + 1)
        before = part
    return parts


def encode_value(value: Value) -> bytes:
    out = bytearray()
    write_value(value, (), lambda _: out, lambda _: out)
    return bytes(out)


def read_one_value(reader: Reader) -> Value:
    return read_value((), lambda _: reader, lambda _: reader)


# Changes, §4


class Code(enum.IntEnum):
    LIFE, ASSIGN, ADD, REMOVE, ENTRY, RETRACT, INCREMENT = range(1, 8)


MOST_OPERATIONS = MOST_CHANGES = 65_536
MOST_DEPENDENCIES = 4_096
LARGEST_CHANGE = 1 << 20


@dataclass(frozen=True)
class Dependency:
    change: ChangeName
    epoch: bytes

    def encoded(self) -> bytes:
        return self.change.encoded() + self.epoch


@dataclass(frozen=True)
class Operation:
    """Without a record it is via the first named write; without a value it is not one that clears."""

    code: int
    field: int
    record: bytes | None = None
    key: bytes | None = None
    names: tuple[WriteName, ...] = ()
    value: Value | None = None


@dataclass(frozen=True)
class Change:
    name: ChangeName
    wall: int
    operations: tuple[Operation, ...]
    previous: bytes | None = None
    dependencies: tuple[Dependency, ...] = ()


def encode_operation(operation: Operation) -> bytes:
    has = (operation.record is None, operation.key is not None, bool(operation.names), operation.value is not None)
    out = varint(operation.code) + bytes([sum(1 << bit for bit, set_ in enumerate(has) if set_)])
    out += (operation.record or b"") + varint(operation.field) + (operation.key or b"")
    if operation.names:
        out += varint(len(operation.names)) + b"".join(name.encoded() for name in operation.names)
    return out if operation.value is None else out + encode_value(operation.value)


def read_operation(reader: Reader) -> Operation:
    code, shape = reader.varint(), reader.u8()
    via, has_key, has_names, has_value = (shape >> bit & 1 for bit in range(4))
    require(shape < 16 and via <= has_names, "shape")
    return Operation(
        code=code,
        record=None if via else reader.take(16),
        field=reader.varint(),
        key=reader.take(8) if has_key else None,
        names=read_write_names(reader) if has_names else (),
        value=read_one_value(reader) if has_value else None,
    )


def read_write_names(reader: Reader) -> tuple[WriteName, ...]:
    count = reader.varint()
    require(count >= 1, "no names")
    return tuple(WriteName(read_change_name(reader), reader.varint()) for _ in range(count))


def require_sorted(dependencies: Iterable[Dependency]) -> None:
    encoded = [dependency.encoded() for dependency in dependencies]
    require(len(encoded) <= MOST_DEPENDENCIES, "number of dependencies")
    require(all(a < b for a, b in zip(encoded, encoded[1:])), "order of dependencies")


def encode_change(change: Change) -> bytes:
    """Canonical bytes."""
    require_sorted(change.dependencies)
    out = change.name.encoded() + (change.previous or b"") + zig(change.wall)
    out += varint(len(change.dependencies)) + b"".join(each.encoded() for each in change.dependencies)
    return out + varint(len(change.operations)) + b"".join(map(encode_operation, change.operations))


def decode_change(data: bytes) -> Change:
    require(len(data) <= LARGEST_CHANGE, "size of a change")
    reader = Reader(data)
    name = read_change_name(reader)
    previous = reader.take(8) if name.seq > 1 else None
    wall = reader.zig()
    dependencies = tuple(Dependency(read_change_name(reader), reader.take(16)) for _ in range(reader.varint()))
    require_sorted(dependencies)
    count = reader.varint()
    require(count <= MOST_OPERATIONS, "number of operations")
    operations = tuple(read_operation(reader) for _ in range(count))
    reader.end()
    return Change(name, wall, operations, previous, dependencies)


def change_hash(change: Change) -> bytes:
    return hashed("sync/v1/change", encode_change(change))


# Segment content, §5


SECTIONS = (
    "heads", "authors", "epochs", "names", "change authors", "seqs", "previous", "walls", "deps", "counts",
    "codes", "records", "fields", "keys", "names of writes", "has value", "value shapes", "value bytes",
)  # fmt: skip
LARGEST_CONTENT = 4 << 20


class RecordCode(enum.IntEnum):
    """Section 11; from KNOWN on: the i-th that NEW has brought."""

    BEFORE, FRESH, VIA, NEW, KNOWN = range(5)


class KeyCode(enum.IntEnum):
    """Section 13."""

    NONE, FRESH, BEFORE, GIVEN = range(4)


@dataclass(frozen=True)
class Head:
    """The first 8 bytes of a log's tag and of its chain value at `index`."""

    tag: bytes
    chain: bytes
    index: int


@dataclass(frozen=True)
class Content:
    """`author` and `epoch` are the log's own; `salts` are those of the other authors whose changes are carried."""

    author: bytes
    epoch: bytes
    changes: tuple[Change, ...]
    heads: tuple[Head, ...] = ()
    salts: dict[bytes, bytes] = field(default_factory=dict)


class Table(Generic[Entry]):
    """Numbers entries in the order in which they are first met: those that go without saying, then the listed ones."""

    def __init__(self, implied: Iterable[Entry], listed: Iterable[Entry]) -> None:
        own = dict.fromkeys(implied)
        entries = list(dict.fromkeys((*own, *listed)))
        self.number = {entry: number for number, entry in enumerate(entries)}
        self.listed = entries[len(own) :]


class Tables:
    """The names, authors and epochs of a segment: dependencies of all changes before named writes of all operations."""

    def __init__(self, content: Content) -> None:
        changes = content.changes
        dependencies = [each for change in changes for each in change.dependencies]
        writes = [name for change in changes for operation in change.operations for name in operation.names]
        named = [each.change for each in dependencies] + [each.change for each in writes]
        self.names = Table((change.name for change in changes), named)
        self.authors = Table([content.author], (name.author for name in self.names.number))
        self.epochs = Table([content.epoch], (each.epoch for each in dependencies))


class Columns:
    """Sections and raw bytes while they are written."""

    def __init__(self) -> None:
        self.raw = bytearray()
        self.sections: dict[str, bytearray] = {name: bytearray() for name in SECTIONS}

    def put(self, section: str, *parts: bytes) -> None:
        self.sections[section] += b"".join(parts)

    def joined(self, unknown: Iterable[bytes] = ()) -> bytes:
        sections = [bytes(section) for section in self.sections.values()] + list(unknown)
        return varint(len(sections)) + b"".join(map(sized, sections))


def write_columns(content: Content) -> Columns:
    columns = Columns()
    tables = Tables(content)
    write_tables(columns, content, tables)
    write_changes(columns, content.changes, tables)
    write_operations(columns, content.changes, tables)
    return columns


def write_tables(columns: Columns, content: Content, tables: Tables) -> None:
    """Sections 0 to 3."""
    columns.put("heads", varint(len(content.heads)))
    for head in content.heads:
        columns.put("heads", varint(head.index))
        columns.raw += head.tag + head.chain
    authors, epochs, names = (tables.authors.listed, tables.epochs.listed, tables.names.listed)
    columns.put("authors", varint(len(authors)))
    for author in authors:
        columns.put("authors", bytes([author in content.salts]))
        columns.raw += author + content.salts.get(author, b"")
    columns.put("epochs", varint(len(epochs)))
    columns.raw += b"".join(epochs)
    columns.put("names", varint(len(names)))
    for name in names:
        columns.put("names", varint(tables.authors.number[name.author]), varint(name.seq))
        columns.raw += name.mark


def write_changes(columns: Columns, changes: tuple[Change, ...], tables: Tables) -> None:
    """Sections 4 to 9."""
    columns.put("change authors", varint(len(changes)))
    wall = 0
    for index, change in enumerate(changes):
        before = nearest(change.name.author, [each.name for each in changes[:index]])
        columns.put("change authors", varint(tables.authors.number[change.name.author]))
        columns.put("seqs", zig(change.name.seq - seq_after(before)))
        columns.put("walls", zig(change.wall - wall))
        wall = change.wall
        columns.raw += change.name.mark
        write_previous(columns, change, before)
        columns.put("deps", varint(len(change.dependencies)))
        for each in change.dependencies:
            columns.put("deps", varint(tables.names.number[each.change]), varint(tables.epochs.number[each.epoch]))
        columns.put("counts", varint(len(change.operations)))


def nearest(author: bytes, earlier: list[ChangeName]) -> ChangeName | None:
    """The nearest earlier change by the author in this segment, from which sections 5 and 6 count."""
    return next((name for name in reversed(earlier) if name.author == author), None)


def seq_after(before: ChangeName | None) -> int:
    return 1 if before is None else before.seq + 1


def write_previous(columns: Columns, change: Change, before: ChangeName | None) -> None:
    implied = before.mark if before is not None and change.name.seq == seq_after(before) else None
    columns.put("previous", bytes([change.previous != implied]))
    if change.previous != implied:
        columns.raw += change.previous or b""


def write_operations(columns: Columns, changes: tuple[Change, ...], tables: Tables) -> None:
    """Sections 10 to 17."""
    known: list[bytes] = []
    streams = ValueStreams()
    named = 0
    for change in changes:
        for index, operation in enumerate(change.operations):
            before = change.operations[index - 1] if index else None
            columns.put("codes", varint(operation.code))
            write_record(columns, operation, before, fresh_record(change.name, index), known)
            columns.put("fields", varint(operation.field))
            write_key(columns, operation, before, fresh_key(change.name, index))
            columns.put("names of writes", varint(len(operation.names)))
            for name in operation.names:
                number = tables.names.number[name.change]
                columns.put("names of writes", zig(number - named), varint(name.operation))
                named = number
            columns.put("has value", bytes([operation.value is not None]))
            if operation.value is not None:
                write_value(operation.value, (operation.field,), streams.shapes, streams.data)
    columns.put("value shapes", streams.joined(streams.of_shapes))
    columns.put("value bytes", streams.joined(streams.of_data))


def write_record(
    columns: Columns, operation: Operation, before: Operation | None, fresh: bytes, known: list[bytes]
) -> None:
    if operation.record is None:
        code = int(RecordCode.VIA)
    elif before is not None and before.record == operation.record:
        code = RecordCode.BEFORE
    elif operation.record == fresh:
        code = RecordCode.FRESH
    elif operation.record in known:
        code = RecordCode.KNOWN + known.index(operation.record)
    else:
        code = RecordCode.NEW
        known.append(operation.record)
        columns.raw += operation.record
    columns.put("records", varint(code))


def write_key(columns: Columns, operation: Operation, before: Operation | None, fresh: bytes) -> None:
    if operation.key is None:
        code = KeyCode.NONE
    elif operation.key == fresh:
        code = KeyCode.FRESH
    elif before is not None and operation.key == before.key:
        code = KeyCode.BEFORE
    else:
        code = KeyCode.GIVEN
        columns.raw += operation.key
    columns.put("keys", varint(code))


class ValueStreams:
    """Streams while they are written, in the order in which their paths are first met."""

    def __init__(self) -> None:
        self.of_shapes: dict[StreamPath, bytearray] = {}
        self.of_data: dict[StreamPath, bytearray] = {}

    def shapes(self, path: StreamPath) -> bytearray:
        self.of_data.setdefault(path, bytearray())
        return self.of_shapes.setdefault(path, bytearray())

    def data(self, path: StreamPath) -> bytearray:
        return self.of_data[path]

    @staticmethod
    def joined(streams: dict[StreamPath, bytearray]) -> bytes:
        return varint(len(streams)) + b"".join(sized(bytes(stream)) for stream in streams.values())


def stored(raw: bytes, columns: bytes) -> bytes:
    """`content` with packing 0."""
    return bytes([1, 0]) + sized(raw) + varint(len(columns)) + sized(columns)


def encode_content(content: Content, unknown: Iterable[bytes] = ()) -> bytes:
    columns = write_columns(content)
    return stored(bytes(columns.raw), columns.joined(unknown))


class ColumnReaders:
    """Raw bytes and sections while they are read."""

    def __init__(self, data: bytes) -> None:
        require(len(data) <= LARGEST_CONTENT, "size of content")
        reader = Reader(data)
        reader.version()
        require(reader.u8() == 0, "packing")
        self.raw = Reader(reader.sized())
        length, columns = reader.varint(), reader.sized()
        reader.end()
        require(length == len(columns), "length of columns")
        self.sections = dict(zip(SECTIONS, read_list(columns)))
        require(len(self.sections) == len(SECTIONS), "number of sections")

    def __getitem__(self, section: str) -> Reader:
        return self.sections[section]

    def end(self) -> None:
        for reader in (self.raw, *self.sections.values()):
            reader.end()


def read_list(data: bytes) -> list[Reader]:
    """`varint number ‖ bytes × that many`, as readers."""
    reader = Reader(data)
    readers = [Reader(reader.sized()) for _ in range(reader.varint())]
    reader.end()
    return readers


class ReadStreams:
    """Streams while they are read: a path met for the first time takes the next one."""

    def __init__(self, columns: ColumnReaders) -> None:
        shapes, data = read_list(columns["value shapes"].rest()), read_list(columns["value bytes"].rest())
        require(len(shapes) == len(data), "number of streams")
        self.unmet = list(zip(shapes, data))
        self.met: dict[StreamPath, tuple[Reader, Reader]] = {}

    def at(self, path: StreamPath) -> tuple[Reader, Reader]:
        if path not in self.met:
            require(bool(self.unmet), "number of streams")
            self.met[path] = self.unmet.pop(0)
        return self.met[path]

    def value(self, path: StreamPath) -> Value:
        return read_value(path, lambda path: self.at(path)[0], lambda path: self.at(path)[1])

    def end(self) -> None:
        require(not self.unmet, "number of streams")
        for reader in (reader for pair in self.met.values() for reader in pair):
            reader.end()


@dataclass(frozen=True)
class ReadTables:
    authors: list[bytes]
    epochs: list[bytes]
    names: list[ChangeName]


def numbered(table: list[Entry], number: int) -> Entry:
    require(0 <= number < len(table), "number")
    return table[number]


def decode_content(data: bytes, author: bytes, epoch: bytes) -> Content:
    """Reads content with packing 0 from the log of `author` in `epoch`."""
    columns = ColumnReaders(data)
    heads = tuple(
        Head(columns.raw.take(8), columns.raw.take(8), columns["heads"].varint())
        for _ in range(columns["heads"].varint())
    )
    authors, salts = read_authors(columns, author)
    epochs = [epoch] + [columns.raw.take(16) for _ in range(columns["epochs"].varint())]
    listed = [read_listed_name(columns, authors) for _ in range(columns["names"].varint())]
    skeletons = read_skeletons(columns, authors)
    tables = ReadTables(authors, epochs, [each.name for each in skeletons] + listed)
    changes = read_bodies(columns, skeletons, tables)
    columns.end()
    return Content(author, epoch, changes, heads, salts)


def read_authors(columns: ColumnReaders, own: bytes) -> tuple[list[bytes], dict[bytes, bytes]]:
    authors, salts = [own], {}
    for _ in range(columns["authors"].varint()):
        authors.append(columns.raw.take(16))
        if columns["authors"].flag():
            salts[authors[-1]] = columns.raw.take(16)
    return authors, salts


def read_listed_name(columns: ColumnReaders, authors: list[bytes]) -> ChangeName:
    author, seq = numbered(authors, columns["names"].varint()), columns["names"].varint()
    require(seq >= 1, "seq 0")
    return ChangeName(author, seq, columns.raw.take(8))


def read_skeletons(columns: ColumnReaders, authors: list[bytes]) -> list[Change]:
    """Sections 4 to 7: changes without dependencies and operations."""
    count = columns["change authors"].varint()
    require(count <= MOST_CHANGES, "number of changes")
    skeletons: list[Change] = []
    wall = 0
    for _ in range(count):
        author = numbered(authors, columns["change authors"].varint())
        before = nearest(author, [each.name for each in skeletons])
        seq = seq_after(before) + columns["seqs"].zig()
        require(1 <= seq < 1 << 64, "seq")
        name = ChangeName(author, seq, columns.raw.take(8))
        previous = read_previous(columns, seq, before)
        wall += columns["walls"].zig()
        require(-(1 << 63) <= wall < 1 << 63, "wall")
        skeletons.append(Change(name, wall, (), previous))
    return skeletons


def read_previous(columns: ColumnReaders, seq: int, before: ChangeName | None) -> bytes | None:
    given = columns["previous"].flag()
    if seq == 1:
        require(not given, "previous of seq 1")
        return None
    if given:
        return columns.raw.take(8)
    if before is None or before.seq != seq - 1:
        raise Refused("no previous")
    return before.mark


def read_bodies(columns: ColumnReaders, skeletons: list[Change], tables: ReadTables) -> tuple[Change, ...]:
    """Sections 8 to 17."""
    operations = OperationReader(columns, tables)
    changes = []
    for skeleton in skeletons:
        dependencies = tuple(read_dependency(columns["deps"], tables) for _ in range(columns["deps"].varint()))
        require_sorted(dependencies)
        count = columns["counts"].varint()
        require(count <= MOST_OPERATIONS, "number of operations")
        changes.append(replace(skeleton, dependencies=dependencies, operations=operations.read(skeleton.name, count)))
    operations.streams.end()
    return tuple(changes)


def read_dependency(deps: Reader, tables: ReadTables) -> Dependency:
    return Dependency(numbered(tables.names, deps.varint()), numbered(tables.epochs, deps.varint()))


class OperationReader:
    """Sections 10 to 17, with what runs on from one change to the next."""

    def __init__(self, columns: ColumnReaders, tables: ReadTables) -> None:
        self.columns = columns
        self.tables = tables
        self.streams = ReadStreams(columns)
        self.known: list[bytes] = []
        self.named = 0

    def read(self, change: ChangeName, count: int) -> tuple[Operation, ...]:
        operations: list[Operation] = []
        for index in range(count):
            before = operations[-1] if operations else None
            code = self.columns["codes"].varint()
            record = self.record(before, fresh_record(change, index))
            place = self.columns["fields"].varint()
            key = self.key(before, fresh_key(change, index))
            names = tuple(self.name() for _ in range(self.columns["names of writes"].varint()))
            require(record is not None or bool(names), "via no write")
            value = self.streams.value((place,)) if self.columns["has value"].flag() else None
            operations.append(Operation(code, place, record, key, names, value))
        return tuple(operations)

    def record(self, before: Operation | None, fresh: bytes) -> bytes | None:
        match self.columns["records"].varint():
            case RecordCode.BEFORE:
                if before is None or before.record is None:
                    raise Refused("no record before")
                return before.record
            case RecordCode.FRESH:
                return fresh
            case RecordCode.VIA:
                return None
            case RecordCode.NEW:
                self.known.append(self.columns.raw.take(16))
                return self.known[-1]
            case code:
                return numbered(self.known, code - RecordCode.KNOWN)

    def key(self, before: Operation | None, fresh: bytes) -> bytes | None:
        match self.columns["keys"].varint():
            case KeyCode.NONE:
                return None
            case KeyCode.FRESH:
                return fresh
            case KeyCode.BEFORE:
                if before is None or before.key is None:
                    raise Refused("no key before")
                return before.key
            case KeyCode.GIVEN:
                return self.columns.raw.take(8)
        raise Refused("key code")

    def name(self) -> WriteName:
        self.named += self.columns["names of writes"].zig()
        return WriteName(numbered(self.tables.names, self.named), self.columns["names of writes"].varint())


# Segments and logs, §6; frames, §7


SIGNED, OPEN, ABSENT = 1, 2, 4
NO_CHAIN = bytes(32)
LEAST_CONTENT = 64


@dataclass(frozen=True)
class Header:
    """`key` and `commitment` stand in an open's header, whose tag and index follow from them."""

    tag: bytes
    index: int
    nonce: bytes
    body_length: int
    body_hash: bytes
    key: bytes = b""
    commitment: bytes = b""

    def without_hash(self) -> bytes:
        start = self.tag + varint(self.index) if self.index else self.key + self.commitment
        return b"\x01" + start + self.nonce + varint(self.body_length)

    def encoded(self) -> bytes:
        return self.without_hash() + self.body_hash


@dataclass(frozen=True)
class Segment:
    header: Header
    signature: bytes | None
    body: bytes | None

    def encoded(self) -> bytes:
        flags = (self.signature is not None) * SIGNED + (self.header.index == 0) * OPEN + (self.body is None) * ABSENT
        return bytes([flags]) + self.header.encoded() + (self.signature or b"") + (self.body or b"")


def decode_segment(data: bytes) -> Segment:
    reader = Reader(data)
    flags = reader.u8()
    require(flags <= 7 and flags & (OPEN | ABSENT) != OPEN | ABSENT, "flags")
    header = read_header(reader, is_open=bool(flags & OPEN))
    signature = reader.take(64) if flags & SIGNED else None
    body = None if flags & ABSENT else reader.take(header.body_length)
    reader.end()
    return Segment(header, signature, body)


def read_header(reader: Reader, is_open: bool) -> Header:
    require(reader.u8() == 1, "suite")
    key, commitment = (reader.take(32), reader.take(32)) if is_open else (b"", b"")
    tag, index = (log_tag(key), 0) if is_open else (reader.take(16), reader.varint())
    require(is_open or index >= 1, "index")
    return Header(tag, index, reader.take(12), reader.varint(), reader.take(32), key, commitment)


def next_chain(salt: bytes, chain: bytes, header: Header) -> bytes:
    """`c_0` or `c_k`"""
    if header.index == 0:
        return hashed("sync/v1/log", salt, header.encoded())
    return hashed("sync/v1/chain", chain, header.encoded())


def commitment_of(epoch_key: bytes, tag: bytes) -> bytes:
    return derive(epoch_key, "sync/v1/commit", tag)


def body_key(epoch_key: bytes, tag: bytes, chain: bytes) -> bytes:
    return derive(derive(epoch_key, "sync/v1/log-key", tag), "sync/v1/body", chain)


def body_associated(team: bytes, header: Header, chain: bytes) -> bytes:
    """`A`"""
    return b"sync/v1/aad\0" + team + header.without_hash() + chain


@dataclass(frozen=True)
class LogKeys:
    """`committed` differs from `epoch_key` in a forgery only."""

    team: bytes
    epoch_key: bytes
    seed: bytes
    committed: bytes | None = None

    @property
    def key(self) -> bytes:
        return signing_key(self.seed)


def seal_segment(
    log: LogKeys, index: int, chain: bytes, nonce: bytes, plain: bytes, signed: bool
) -> tuple[Segment, bytes]:
    """A segment and its chain value, after the chain value of the one before it."""
    tag = log_tag(log.key)
    key, commitment = (b"", b"") if index else (log.key, commitment_of(log.committed or log.epoch_key, tag))
    unhashed = Header(tag, index, nonce, len(plain) + 16, b"", key, commitment)
    body = seal(body_key(log.epoch_key, tag, chain), nonce, body_associated(log.team, unhashed, chain), plain)
    header = replace(unhashed, body_hash=hashlib.sha256(body).digest())
    after = next_chain(team_salt(log.team), chain, header)
    signature = sign(log.seed, "sync/v1/sign", after) if signed else None
    return Segment(header, signature, body), after


@dataclass(frozen=True)
class OpenContent:
    epoch: bytes
    device: bytes
    salt: bytes
    seq: int
    mark: bytes


def encode_open(content: OpenContent, device_seed: bytes, team: bytes, log_key: bytes) -> bytes:
    unsigned = b"\x01" + content.epoch + content.device + content.salt + varint(content.seq) + content.mark
    return unsigned + sign(device_seed, "sync/v1/open", team + log_key + unsigned)


def decode_open(data: bytes, device_key: bytes, team: bytes, log_key: bytes) -> OpenContent:
    reader = Reader(data)
    reader.version()
    content = OpenContent(reader.take(16), reader.take(16), reader.take(16), reader.varint(), reader.take(8))
    verify(device_key, reader.take(64), "sync/v1/open", team + log_key + data[:-64])
    reader.end()
    require(content.seq > 0 or content.mark == bytes(8), "mark of seq 0")
    return content


def verify_run(team: bytes, run: list[bytes]) -> Iterator[tuple[Segment, bytes]]:
    """Checks a log from its open to its newest signature; yields segments as they are kept, and the chain before each."""
    segments = [decode_segment(data) for data in run]
    chain, chains = NO_CHAIN, []
    for index, segment in enumerate(segments):
        require(segment.header.index == index and segment.header.tag == segments[0].header.tag, "position")
        require(segment.body is None or hashlib.sha256(segment.body).digest() == segment.header.body_hash, "body hash")
        chains.append(chain)
        chain = next_chain(team_salt(team), chain, segment.header)
    newest = segments[-1].signature
    if newest is None:
        raise Refused("unsigned")
    verify(segments[0].header.key, newest, "sync/v1/sign", chain)
    kept = [replace(segment, signature=None) for segment in segments[:-1]] + segments[-1:]
    return zip(kept, chains)


def open_run(team: bytes, epoch_key: bytes, run: list[bytes]) -> list[bytes | None]:
    """The plain bytes of a verified log, None for absent bodies."""
    verified = list(verify_run(team, run))
    header = verified[0][0].header
    require(header.commitment == commitment_of(epoch_key, header.tag), "commitment")
    return [segment.body and open_body(team, epoch_key, segment, chain) for segment, chain in verified]


def open_body(team: bytes, epoch_key: bytes, segment: Segment, chain: bytes) -> bytes:
    key = body_key(epoch_key, segment.header.tag, chain)
    return unseal(key, segment.header.nonce, body_associated(team, segment.header, chain), segment.body or b"")


def encode_frame(items: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(bytes([kind]) + sized(data) for kind, data in items)


def decode_frame(data: bytes) -> list[tuple[int, bytes]]:
    reader = Reader(data)
    items = []
    while reader.position < len(data):
        items.append((reader.u8(), reader.sized()))
    return items


# Control records, §8


class Kind(enum.IntEnum):
    GENESIS, INVITE, JOIN, CLOSE = range(1, 5)


LEAST_RECORD = 256
LARGEST_RECORD = 256 << 10
MOST_PARENTS = 64
SMALL_ORDER = {
    bytes.fromhex(y)
    for y in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
}
"""The y coordinates of the Ed25519 points of order 1, 2, 4 and 8, the last two being 0 and 1 unreduced."""


def refuse_small_order(key: bytes) -> None:
    require(key[:31] + bytes([key[31] & 0x7F]) not in SMALL_ORDER, "small order")


def refuse_low_order(kem_key: bytes) -> None:
    """The X25519 half is the last 32 bytes; a point of low order makes every exchange zero, which the library refuses."""
    try:
        X25519PrivateKey.from_private_bytes(bytes(32)).exchange(X25519PublicKey.from_public_bytes(kem_key[-32:]))
    except ValueError as error:
        raise Refused("low order") from error


@dataclass(frozen=True)
class Device:
    name: str
    role: int
    key: bytes
    kem_key: bytes
    possession: bytes

    @property
    def id(self) -> bytes:
        return device_id(self.key, self.kem_key)

    def encoded(self) -> bytes:
        return text(self.name) + bytes([self.role]) + self.key + self.kem_key + self.possession


def make_device(name: str, role: int, seed: bytes, kem_key: bytes) -> Device:
    key = signing_key(seed)
    return Device(name, role, key, kem_key, sign(seed, "sync/v1/possession", key + kem_key))


def read_device(reader: Reader) -> Device:
    device = Device(reader.text(), reader.u8(), reader.take(32), reader.take(1216), reader.take(64))
    require(1 <= device.role <= 3, "role")
    refuse_small_order(device.key)
    refuse_low_order(device.kem_key)
    verify(device.key, device.possession, "sync/v1/possession", device.key + device.kem_key)
    return device


@dataclass(frozen=True)
class Genesis:
    random: bytes
    team_name: str
    control_token: bytes
    device: Device
    envelope: bytes

    def encoded(self) -> bytes:
        return self.random + text(self.team_name) + self.control_token + self.device.encoded() + sized(self.envelope)


@dataclass(frozen=True)
class Invite:
    key: bytes
    role: int
    uses: int
    expires: int
    history: int
    epoch: bytes

    def encoded(self) -> bytes:
        return (
            self.key + bytes([self.role]) + varint(self.uses) + zig(self.expires) + bytes([self.history]) + self.epoch
        )


@dataclass(frozen=True)
class Join:
    invite: bytes
    device: Device
    signature: bytes

    def encoded(self) -> bytes:
        return self.invite + self.device.encoded() + self.signature


@dataclass(frozen=True)
class Close:
    invite: bytes
    join: bytes | None

    def encoded(self) -> bytes:
        return self.invite + (b"\0" if self.join is None else b"\x01" + self.join)


@dataclass(frozen=True)
class Unknown:
    payload: bytes

    def encoded(self) -> bytes:
        return self.payload


Payload = Genesis | Invite | Join | Close | Unknown


def decode_payload(number: int, data: bytes) -> Payload:
    reader = Reader(data)
    payload: Payload
    match number:
        case Kind.GENESIS:
            payload = Genesis(reader.take(16), reader.text(), reader.take(32), read_device(reader), reader.sized())
        case Kind.INVITE:
            payload = Invite(reader.take(32), reader.u8(), reader.varint(), reader.zig(), reader.u8(), reader.take(16))
        case Kind.JOIN:
            payload = Join(reader.take(32), read_device(reader), reader.take(64))
        case Kind.CLOSE:
            payload = Close(reader.take(32), reader.take(32) if reader.flag() else None)
        case _:
            payload = Unknown(reader.rest())
    reader.end()
    return payload


@dataclass(frozen=True)
class Record:
    number: int
    critical: bool
    parents: tuple[bytes, ...]
    signer: bytes
    wall: int
    payload: Payload
    signature: bytes = b""

    def unsigned(self) -> bytes:
        out = b"\x01" + varint(self.number * 2 + self.critical)
        out += varint(len(self.parents)) + b"".join(self.parents)
        return out + self.signer + zig(self.wall) + sized(self.payload.encoded())

    def encoded(self) -> bytes:
        return self.unsigned() + self.signature


def sign_record(record: Record, seed: bytes, team: bytes) -> Record:
    return replace(record, signature=sign(seed, "sync/v1/control-sign", signed_team(record, team) + record.unsigned()))


def signed_team(record: Record, team: bytes) -> bytes:
    return bytes(32) if record.number == Kind.GENESIS else team


def decode_record(data: bytes) -> Record:
    require(len(data) <= LARGEST_RECORD, "size of a record")
    reader = Reader(data)
    reader.version()
    kind, count = reader.varint(), reader.varint()
    require(count <= MOST_PARENTS, "number of parents")
    parents = tuple(reader.take(32) for _ in range(count))
    require(all(a < b for a, b in zip(parents, parents[1:])), "order of parents")
    signer, wall, payload = reader.take(16), reader.zig(), decode_payload(kind >> 1, reader.sized())
    record = Record(kind >> 1, bool(kind & 1), parents, signer, wall, payload, reader.take(64))
    reader.end()
    return record


def verify_record(record: Record, key: bytes, team: bytes) -> None:
    """`key` is the signer's by the roster; a genesis and a join bring their own."""
    if isinstance(record.payload, Genesis | Join):
        require(record.signer == record.payload.device.id, "signer")
        key = record.payload.device.key
    verify(key, record.signature, "sync/v1/control-sign", signed_team(record, team) + record.unsigned())


def verify_join(join: Join, invite_key: bytes, team: bytes) -> None:
    verify(invite_key, join.signature, "sync/v1/join", team + join.invite + join.device.encoded())


def record_name(record: bytes) -> bytes:
    return hashed("sync/v1/control", record)


def team_id(genesis: bytes) -> bytes:
    return hashed("sync/v1/team", genesis)


def control_tag(epoch_key: bytes) -> bytes:
    return derive(epoch_key, "sync/v1/control-tag")[:16]


def seal_record(record: bytes, epoch_key: bytes, nonce: bytes) -> bytes:
    tag = control_tag(epoch_key)
    body = seal(
        derive(epoch_key, "sync/v1/control-key"), nonce, b"sync/v1/control-aad\0" + tag, padded(record, LEAST_RECORD)
    )
    return b"\x01" + tag + nonce + body


def open_record(sealed: bytes, epoch_key: bytes) -> bytes:
    reader = Reader(sealed)
    require(reader.u8() == 1, "suite")
    tag, nonce = reader.take(16), reader.take(12)
    require(tag == control_tag(epoch_key), "epoch")
    plain = unseal(derive(epoch_key, "sync/v1/control-key"), nonce, b"sync/v1/control-aad\0" + tag, reader.rest())
    return unpadded(plain, LEAST_RECORD)


# Relay registration, tokens, invites, §9


@dataclass(frozen=True)
class Registration:
    counter: int
    relay_key: bytes
    salt: bytes
    token_hashes: tuple[bytes, bytes, bytes]
    next_key: bytes
    signature: bytes = b""

    def unsigned(self) -> bytes:
        return b"\x01" + varint(self.counter) + self.relay_key + self.salt + b"".join(self.token_hashes) + self.next_key

    def encoded(self) -> bytes:
        return self.unsigned() + self.signature


def sign_registration(registration: Registration, seed: bytes) -> Registration:
    return replace(registration, signature=sign(seed, "sync/v1/registration", registration.unsigned()))


def decode_registration(data: bytes) -> Registration:
    reader = Reader(data)
    reader.version()
    counter, key, salt = reader.varint(), reader.take(32), reader.take(32)
    hashes = (reader.take(32), reader.take(32), reader.take(32))
    registration = Registration(counter, key, salt, hashes, reader.take(32), reader.take(64))
    reader.end()
    return registration


def verify_chain(registrations: list[Registration]) -> None:
    before: Registration | None = None
    for each in registrations:
        require(each.counter == (1 if before is None else before.counter + 1), "counter")
        require(before is None or (each.relay_key, each.salt) == (before.next_key, before.salt), "relay key")
        verify(each.relay_key, each.signature, "sync/v1/registration", each.unsigned())
        before = each


def relay_handle(first_key: bytes) -> str:
    return hashed("sync/v1/relay", first_key)[:16].hex()


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILO", "110")


def base32(data: bytes) -> str:
    """Crockford's alphabet, most significant bits first, zero bits behind the last byte."""
    count = (len(data) * 8 + 4) // 5
    number = int.from_bytes(data) << count * 5 - len(data) * 8
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(count)))


def unbase32(string: str) -> bytes:
    number = 0
    for character in string:
        require(character in CROCKFORD, "character")
        number = number << 5 | CROCKFORD.index(character)
    spare = len(string) * 5 % 8
    require(spare < 5 and number & (1 << spare) - 1 == 0, "spare bits")
    return (number >> spare).to_bytes(len(string) * 5 // 8)


@dataclass(frozen=True)
class InviteCode:
    """An invite code."""

    secret: bytes
    team: bytes
    relay: str
    pin: bytes | None = None

    def checked(self) -> bytes:
        pin = b"\0" if self.pin is None else b"\x01" + self.pin
        return b"\x01" + self.secret + self.team + pin + text(self.relay)

    def written(self) -> str:
        data = self.checked()
        characters = base32(data + hashlib.sha256(data).digest()[:5])
        return "SYNC-" + "-".join(characters[i : i + 5] for i in range(0, len(characters), 5))


def read_code(string: str) -> InviteCode:
    """Case, hyphens and spaces do not count; I and L are 1, O is 0, as Crockford has it."""
    characters = string.upper().replace("-", "").replace(" ", "")
    require(characters.startswith("SYNC"), "prefix")
    data = unbase32(characters[4:].translate(LOOKALIKES))
    require(len(data) > 5 and hashlib.sha256(data[:-5]).digest()[:5] == data[-5:], "checksum")
    reader = Reader(data[:-5])
    reader.version()
    secret, team, pin = reader.take(16), reader.take(16), reader.take(32) if reader.flag() else None
    code = InviteCode(secret, team, reader.text(), pin)
    reader.end()
    return code


def invite_seed(secret: bytes) -> bytes:
    return derive(secret, "sync/v1/invite-sign")


def mailbox(secret: bytes) -> str:
    return derive(secret, "sync/v1/mailbox")[:16].hex()


@dataclass(frozen=True)
class Welcome:
    team: bytes
    head: bytes
    invite: bytes
    epochs: tuple[tuple[bytes, bytes], ...]
    control_token: bytes
    registrations: tuple[bytes, ...]
    relay_seeds: tuple[bytes, bytes] | None = None
    base: bytes | None = None

    def encoded(self) -> bytes:
        out = b"\x01" + self.team + self.head + self.invite
        out += varint(len(self.epochs)) + b"".join(name + key for name, key in self.epochs)
        out += self.control_token + varint(len(self.registrations)) + b"".join(map(sized, self.registrations))
        out += b"\0" if self.relay_seeds is None else b"\x01" + b"".join(self.relay_seeds)
        return out + (b"\0" if self.base is None else b"\x01" + self.base)


def decode_welcome(data: bytes) -> Welcome:
    reader = Reader(data)
    reader.version()
    team, head, invite = reader.take(32), reader.take(32), reader.take(32)
    epochs = tuple((reader.take(16), reader.take(32)) for _ in range(reader.varint()))
    token, registrations = reader.take(32), tuple(reader.sized() for _ in range(reader.varint()))
    seeds = (reader.take(32), reader.take(32)) if reader.flag() else None
    welcome = Welcome(
        team, head, invite, epochs, token, registrations, seeds, reader.take(32) if reader.flag() else None
    )
    reader.end()
    return welcome


def seal_welcome(welcome: bytes, secret: bytes, team: bytes, nonce: bytes) -> bytes:
    associated = b"sync/v1/welcome\0" + team[:16]
    return nonce + seal(derive(secret, "sync/v1/box"), nonce, associated, padded(welcome, LEAST_RECORD))


def open_welcome(box: bytes, secret: bytes, team: bytes) -> bytes:
    associated = b"sync/v1/welcome\0" + team[:16]
    return unpadded(unseal(derive(secret, "sync/v1/box"), box[:12], associated, box[12:]), LEAST_RECORD)


# What the vectors are made of


def fixed(label: str, count: int = 32) -> bytes:
    """Bytes that look random and are always the same."""
    return hashlib.shake_256(b"sync/v1/vectors/" + label.encode()).digest(count)


def fixed_kem_key(label: str) -> bytes:
    """A well-formed X-Wing public key (coefficients under 3329, a real X25519 point) to which nobody has the private half."""
    draws = fixed(label + " coefficients", 768 * 2)
    coefficients = (int.from_bytes(draws[i : i + 2], "little") % 3329 for i in range(0, len(draws), 2))
    packed = sum(coefficient << 12 * place for place, coefficient in enumerate(coefficients)).to_bytes(1152, "little")
    point = X25519PrivateKey.from_private_bytes(fixed(label + " x25519")).public_key().public_bytes_raw()
    return packed + fixed(label + " rho") + point


ANA_SEED, BEN_SEED, LOG_SEED, INVITE_SECRET = fixed("ana"), fixed("ben"), fixed("log"), fixed("invite", 16)
ANA = make_device("Ana’s laptop", 3, ANA_SEED, fixed_kem_key("ana"))
BEN = make_device("Ben 📱", 2, BEN_SEED, fixed_kem_key("ben"))
EPOCH_KEY, OTHER_EPOCH_KEY, OTHER_EPOCH = fixed("epoch 0"), fixed("epoch 1"), fixed("epoch 1 id", 16)
CONTROL_TOKEN = fixed("control token")
WALL = 1_760_000_000_000
GENESIS_RECORD = sign_record(
    Record(
        Kind.GENESIS, True, (), ANA.id, WALL,
        Genesis(fixed("genesis", 16), "Rally Watch", CONTROL_TOKEN, ANA, fixed("envelope", 1168)),
    ),
    ANA_SEED,
    b"",
)  # fmt: skip
TEAM = team_id(GENESIS_RECORD.encoded())
EPOCH = TEAM[:16]
SALT, OLD_SALT = fixed("salt", 16), fixed("old salt", 16)
AUTHOR = author_id(TEAM, ANA.key, SALT)
OLD_AUTHOR = author_id(TEAM, ANA.key, OLD_SALT)
BENS_AUTHOR = author_id(TEAM, BEN.key, fixed("ben's salt", 16))
LOG = LogKeys(TEAM, EPOCH_KEY, LOG_SEED)
TITLE, STARTS, CAUSES, ORGANISERS, NOTES, TALLY = 1, 2, 5, 7, 9, 11


def name_of(author: bytes, seq: int) -> ChangeName:
    return ChangeName(author, seq, fixed(f"mark {author.hex()} {seq}", 8))


def ordered(*dependencies: Dependency) -> tuple[Dependency, ...]:
    return tuple(sorted(dependencies, key=Dependency.encoded))


def new_event() -> Change:
    """A change with a fresh record, a fresh item and a fresh entry."""
    name = name_of(AUTHOR, 1)
    record = fresh_record(name, 0)
    item = fresh_key(name, 3)
    return Change(
        name,
        WALL + 60_000,
        (
            Operation(Code.LIFE, 0, record, value={1: 1, 2: 1}),
            Operation(Code.ASSIGN, TITLE, record, value="Vigil for Ewin"),
            Operation(Code.ASSIGN, STARTS, record, value={1: "2026-03-14", 2: "18:30", 4: {1: 60}}),
            Operation(Code.LIFE, ORGANISERS, record, key=item, value={1: 1}),
            Operation(
                Code.ASSIGN, ORGANISERS, record, key=item, value={1: "Friends of the Square", 2: "+44 20 7946 0000"}
            ),
            Operation(Code.ENTRY, NOTES, record, key=fresh_key(name, 5), value="hundreds, says the paper"),
            Operation(Code.INCREMENT, TALLY, record, value={1: 12, 2: 0}),
        ),
    )


def one_edit() -> Change:
    """Ana corrects the title; her change before it, which holds the write that this one replaces, is in an earlier segment."""
    before = name_of(AUTHOR, 1)
    edit = Operation(Code.ASSIGN, TITLE, names=(WriteName(before, 1),), value="Vigil for Evin")
    return Change(name_of(AUTHOR, 2), WALL + 3_600_000, (edit,), before.mark)


def earlier_changes() -> tuple[Change, Change]:
    """Two changes of Ana's earlier incarnation, which her new log carries again under their old names."""
    first, second = name_of(OLD_AUTHOR, 41), name_of(OLD_AUTHOR, 42)
    petition = code_record("petition", "uk-parliament:700143")
    item = fixed("chosen key", 8)
    return (
        Change(
            first,
            WALL - 86_400_000,
            (
                Operation(Code.LIFE, 0, petition, value={1: 1, 2: 2}),
                Operation(Code.ADD, CAUSES, petition, value="press freedom"),
                Operation(Code.ADD, CAUSES, fixed("some record", 16), value="Łódź – wolność"),
                Operation(Code.ENTRY, NOTES, petition, key=item, value={1: "readings", 2: 1_000_000, 3: b"\x00\xff"}),
            ),
            fixed("mark before", 8),
        ),
        Change(
            second,
            WALL - 86_399_000,
            (
                Operation(Code.RETRACT, NOTES, petition, key=item, value="counted twice"),
                Operation(Code.RETRACT, NOTES, petition, key=fixed("another key", 8)),
                Operation(Code.ADD, CAUSES, names=(WriteName(first, 1),), value="press freedom"),
            ),
            first.mark,
        ),
    )


def later_changes() -> tuple[Change, Change]:
    """Two changes by Ana's author that depend on Ben's and on those of her earlier incarnation."""
    event = fresh_record(name_of(AUTHOR, 1), 0)
    bens, bens_next = name_of(BENS_AUTHOR, 7), name_of(BENS_AUTHOR, 300)
    third, old = name_of(AUTHOR, 3), name_of(OLD_AUTHOR, 42)
    third_change = Change(
        third,
        WALL + 7_200_000,
        (
            Operation(Code.ASSIGN, TITLE, names=(WriteName(name_of(AUTHOR, 2), 0), WriteName(bens, 2)), value=NOTHING),
            Operation(Code.REMOVE, CAUSES, names=(WriteName(old, 2), WriteName(name_of(OLD_AUTHOR, 41), 1))),
            Operation(Code.INCREMENT, TALLY, event, value={1: -3, 2: 1}),
            Operation(Code.INCREMENT, TALLY, event, value={1: 4, 2: 1}),
        ),
        name_of(AUTHOR, 2).mark,
        ordered(Dependency(bens, OTHER_EPOCH), Dependency(old, EPOCH)),
    )
    fourth_change = Change(
        name_of(AUTHOR, 4),
        WALL + 7_100_000,
        (
            Operation(
                Code.LIFE, 0, event,
                names=tuple(WriteName(name, 0) for name in (third, bens_next, old)),
                value={1: 2},
            ),
            Operation(
                Code.LIFE, ORGANISERS, event, key=fresh_key(name_of(AUTHOR, 1), 3),
                names=(WriteName(third, 0),),
                value={1: 2},
            ),
        ),
        third.mark,
        ordered(Dependency(bens_next, EPOCH)),
    )  # fmt: skip
    return third_change, fourth_change


def unknown_operation() -> Change:
    """Code 23 is not of this version: it is kept and passed on, and only it is skipped."""
    record = fixed("some record", 16)
    name = WriteName(name_of(BENS_AUTHOR, 7), 1)
    return Change(
        name_of(AUTHOR, 1),
        WALL,
        (
            Operation(23, 4_000, record, key=fixed("some key", 8), names=(name,), value={3: {1: b"", 200: -1}}),
            Operation(Code.ASSIGN, TITLE, record, value="after the unknown one"),
        ),
    )


def forked() -> tuple[Change, ...]:
    """A clone's branch and the true one in one segment, so that the nearest change by the author is not the previous one."""
    edit = one_edit()
    twin = replace(edit, name=replace(edit.name, mark=fixed("twin", 8)), wall=WALL)
    after = Change(name_of(AUTHOR, 3), WALL + 7_200_000, (), edit.name.mark)
    return edit, twin, after, Change(name_of(AUTHOR, 4), WALL + 7_300_000, (), after.name.mark)


def content_of(*changes: Change, **more: Any) -> Content:
    return Content(AUTHOR, EPOCH, changes, **more)


def several_changes() -> Content:
    """Interleaved, so that the change before one is not always by its author."""
    (old_first, old_second), (third, fourth) = earlier_changes(), later_changes()
    heads = (Head(fixed("a tag", 8), fixed("a chain", 8), 57), Head(fixed("b tag", 8), fixed("b chain", 8), 300))
    return content_of(old_first, third, old_second, fourth, heads=heads, salts={OLD_AUTHOR: OLD_SALT})


# Vectors as JSON


def refusal(attempt: Callable[[], object], **inputs: Json) -> Json:
    """A vector that must be refused, after seeing to it that it is."""
    try:
        attempt()
    except Refused as refused:
        return {**inputs, "result": "error", "at": refused.at}
    raise AssertionError(f"accepted: {inputs}")


def refused(name: str, data: bytes, attempt: Callable[[bytes], object], **more: Json) -> Json:
    return refusal(lambda: attempt(data), name=name, **more, bytes=data.hex())


def same(left: Any, right: Any) -> None:
    """What holds of every vector that is not refused."""
    if left != right:
        raise AssertionError(f"no round trip:\n{left}\n{right}")


def whole(read: Callable[[Reader], Any]) -> Callable[[bytes], Any]:
    """A decoder of exactly what `read` reads."""

    def decode(data: bytes) -> Any:
        reader = Reader(data)
        value = read(reader)
        reader.end()
        return value

    return decode


def flipped(data: bytes, position: int) -> bytes:
    """One bit turned over."""
    changed = bytearray(data)
    changed[position] ^= 1
    return bytes(changed)


def value_json(value: Value) -> Json:
    match value:
        case Nothing():
            return {"nothing": True}
        case str():
            return {"text": value}
        case int():
            return {"integer": str(value)}
        case bytes():
            return {"bytes": value.hex()}
        case dict():
            return {"tuple": [{"part": part, "value": value_json(value[part])} for part in sorted(value)]}


def change_name_json(name: ChangeName) -> Json:
    return {"author": name.author.hex(), "seq": name.seq, "mark": name.mark.hex()}


def write_name_json(name: WriteName) -> Json:
    return {**change_name_json(name.change), "operation": name.operation}


def operation_json(operation: Operation) -> Json:
    """`record` null: via the first named write; `value` null: none."""
    return {
        "code": int(operation.code),
        "record": operation.record and operation.record.hex(),
        "field": operation.field,
        "key": operation.key and operation.key.hex(),
        "names": [write_name_json(name) for name in operation.names],
        "value": None if operation.value is None else value_json(operation.value),
    }


def change_json(change: Change) -> Json:
    return {
        **change_name_json(change.name),
        "previous": change.previous and change.previous.hex(),
        "wall": change.wall,
        "deps": [{**change_name_json(each.change), "epoch": each.epoch.hex()} for each in change.dependencies],
        "operations": [operation_json(operation) for operation in change.operations],
    }


def primitives() -> Json:
    """§1 and §2."""
    return {
        "varint": number_vectors(varint, whole(Reader.varint), (0, 1, 127, 128, 300, 16_383, 16_384, 1 << 32, (1 << 63) - 1, (1 << 64) - 1)),
        "varint refused": [
            refused(name, bytes.fromhex(data), whole(Reader.varint))
            for name, data in (
                ("nothing", ""), ("cut off", "80"), ("overlong zero", "8000"), ("overlong one", "8100"),
                ("65 bits", "ffffffffffffffffff02"), ("11 bytes", "8080808080808080808001"), ("trailing byte", "0100"),
            )
        ],
        "zig": number_vectors(zig, whole(Reader.zig), (0, -1, 1, -2, 63, -64, 64, WALL, (1 << 63) - 1, -(1 << 63))),
        "bytes refused": [
            refused("longer than what follows", bytes.fromhex("0461"), whole(Reader.sized)),
            refused("longer than any memory", varint((1 << 64) - 1) + b"a", whole(Reader.sized)),
        ],
        "text refused": [
            refused("lone continuation", bytes.fromhex("0180"), whole(Reader.text)),
            refused("surrogate", bytes.fromhex("03eda080"), whole(Reader.text)),
            refused("overlong slash", bytes.fromhex("02c0af"), whole(Reader.text)),
        ],
        "padme": [{"length": n, "padded": padme(n)} for n in (64, 65, 66, 67, 127, 128, 129, 255, 256, 257, 1000, 1025, 65_537, 1_000_000)],
        "padded": [padded_vector(content, least) for content, least in ((b"", 64), (fixed("a", 63), 64), (fixed("a", 64), 64), (b"r", 256))],
        "padded refused": [
            refused("not zero", flipped(padded(b"r", 64), 63), lambda data: unpadded(data, 64), least=64),
            refused("too long", padded(b"r", 64) + b"\0", lambda data: unpadded(data, 64), least=64),
            refused("too short", padded(b"r", 64)[:-1], lambda data: unpadded(data, 64), least=64),
        ],
        "hash": [hash_vector("sync/v1/test"), hash_vector("sync/v1/test", b"a", b"bc")],
        "derive": [derive_vector(b""), derive_vector(b"context")],
        "seal": [seal_vector(b"", b""), seal_vector(b"associated", b"plain")],
        "sign": [sign_vector(b""), sign_vector(b"message")],
        "names": names_vector(),
    }  # fmt: skip


def number_vectors(encode: Callable[[int], bytes], decode: Callable[[bytes], int], numbers: Iterable[int]) -> Json:
    numbers = tuple(numbers)
    for number in numbers:
        same(decode(encode(number)), number)
    return [{"value": str(number), "bytes": encode(number).hex()} for number in numbers]


def padded_vector(content: bytes, least: int) -> Json:
    plain = padded(content, least)
    same(unpadded(plain, least), content)
    return {"content": content.hex(), "least": least, "bytes": plain.hex()}


def hash_vector(label: str, *parts: bytes) -> Json:
    return {"label": label, "parts": [part.hex() for part in parts], "bytes": hashed(label, *parts).hex()}


def derive_vector(context: bytes) -> Json:
    label = "sync/v1/test"
    return {
        "secret": EPOCH_KEY.hex(),
        "label": label,
        "context": context.hex(),
        "bytes": derive(EPOCH_KEY, label, context).hex(),
    }


def seal_vector(associated: bytes, plain: bytes) -> Json:
    key, nonce = fixed("seal key"), fixed("seal nonce", 12)
    sealed = seal(key, nonce, associated, plain)
    same(unseal(key, nonce, associated, sealed), plain)
    return {
        "key": key.hex(),
        "nonce": nonce.hex(),
        "associated": associated.hex(),
        "plain": plain.hex(),
        "bytes": sealed.hex(),
    }


def sign_vector(message: bytes) -> Json:
    signature = sign(ANA_SEED, "sync/v1/test", message)
    verify(ANA.key, signature, "sync/v1/test", message)
    return {
        "seed": ANA_SEED.hex(),
        "key": ANA.key.hex(),
        "label": "sync/v1/test",
        "message": message.hex(),
        "bytes": signature.hex(),
    }


def names_vector() -> Json:
    change = name_of(AUTHOR, 300)
    log_key = signing_key(LOG_SEED)
    return {
        "team": {"team": TEAM.hex(), "salt": team_salt(TEAM).hex(), "epoch 0": EPOCH.hex()},
        "device": {"signing_key": ANA.key.hex(), "kem_key": ANA.kem_key.hex(), "id": ANA.id.hex()},
        "author": {"team": TEAM.hex(), "signing_key": ANA.key.hex(), "salt": SALT.hex(), "id": AUTHOR.hex()},
        "log": {"key": log_key.hex(), "tag": log_tag(log_key).hex()},
        "code": {
            "kind": "petition",
            "code": "uk-parliament:700143",
            "record": code_record("petition", "uk-parliament:700143").hex(),
        },
        "fresh": {
            "change": change_name_json(change),
            "operation": 200,
            "record": fresh_record(change, 200).hex(),
            "key": fresh_key(change, 200).hex(),
        },
    }


def values() -> Json:
    """§3."""
    accepted: tuple[Value, ...] = (
        NOTHING, "", "Evin", "e\u0301 is not \u00e9", "زندان", "👩‍👩‍👧", "x" * 16, 0, 1, -1, 1_000_000, (1 << 63) - 1, -(1 << 63), b"", b"\x00\xff",
        {}, {0: 0}, {1: 12, 2: 0}, {1: "a", 3: NOTHING, 130: {2: b"b"}}, {1: {1: {1: {1: "four tuples deep"}}}},
    )  # fmt: skip
    decode = whole(read_one_value)
    for value in accepted:
        same(decode(encode_value(value)), value)
    return {
        "values": [{"value": value_json(value), "bytes": encode_value(value).hex()} for value in accepted],
        "refused": [
            refused(name, bytes.fromhex(data), decode)
            for name, data in (
                ("nothing with a length", "08"), ("integer with a length", "0a00"), ("type 5", "05"), ("type 6", "06"), ("type 7", "07"),
                ("text cut off", "1161"), ("text not UTF-8", "09ff"), ("bytes cut off", "1300"), ("parts out of order", "1402000100"),
                ("a part twice", "1401000100"), ("parts missing", "140100"), ("five tuples deep", "0c010c010c010c010c0100"),
                ("parts past any memory", "fcffffffffffffffff0101"), ("trailing byte", "0000"),
            )
        ],
    }  # fmt: skip


def changes() -> Json:
    """§4."""
    several = several_changes().changes
    story = (
        ("one edit", one_edit()), ("a new event", new_event()), ("an unknown operation code", unknown_operation()),
        ("carried again, first", several[0]), ("carried again, second", several[2]),
        ("dependencies, via, a cleared field, a removal, increments", several[1]),
        ("deletions with version vectors", several[3]), ("no operations", Change(name_of(AUTHOR, 1), -1, ())),
        ("greatest seq", Change(name_of(AUTHOR, (1 << 63) - 1), 0, (), bytes(8))),
    )  # fmt: skip
    return {
        "changes": [change_vector(name, change) for name, change in story],
        "twins": twins_vector(),
        "refused": [refused(name, data, decode_change) for name, data in broken_changes()],
    }


def change_vector(name: str, change: Change) -> Json:
    data = encode_change(change)
    same(decode_change(data), change)
    return {"name": name, "change": change_json(change), "bytes": data.hex(), "hash": change_hash(change).hex()}


def twins_vector() -> Json:
    """Two changes of one name: the lower hash counts."""
    twins = (one_edit(), replace(one_edit(), wall=WALL))
    counts = min(twins, key=change_hash)
    return {"changes": [encode_change(change).hex() for change in twins], "counts": encode_change(counts).hex()}


def broken_changes() -> Iterator[tuple[str, bytes]]:
    edit = encode_change(one_edit())
    start = AUTHOR + varint(1) + bytes(8) + zig(0)
    operation = varint(Code.ASSIGN)
    first, second = (Dependency(name_of(BENS_AUTHOR, seq), EPOCH).encoded() for seq in (1, 2))
    yield "trailing byte", edit + b"\0"
    yield "cut off", edit[:-1]
    yield "seq 0", AUTHOR + varint(0) + bytes(8) + zig(0) + b"\0\0"
    yield "dependencies out of order", start + varint(2) + second + first + b"\0"
    yield "a dependency twice", start + varint(2) + first + first + b"\0"
    yield "via without names", start + b"\0\1" + operation + b"\x01" + varint(TITLE)
    yield "names, but none", start + b"\0\1" + operation + b"\x05" + varint(TITLE) + b"\0"
    yield "unknown shape bit", start + b"\0\1" + operation + b"\x10" + bytes(16) + varint(TITLE)
    yield "more operations than bytes", start + b"\0" + varint(65_536)
    yield "too many operations", start + b"\0" + varint(65_537)


def content() -> Json:
    """§5."""
    return {
        "log": {"author": AUTHOR.hex(), "epoch": EPOCH.hex()},
        "content": [
            content_vector("one edit", content_of(one_edit())),
            content_vector("a fresh record, a fresh item, a fresh entry", content_of(new_event())),
            content_vector("a new event and its correction", content_of(new_event(), one_edit())),
            content_vector("two authors", several_changes()),
            content_vector("a fork", content_of(*forked())),
            content_vector("an unknown operation code", content_of(unknown_operation())),
            content_vector("unknown trailing sections", content_of(one_edit()), (b"from a later version", b"")),
            content_vector("heads alone", content_of(heads=(Head(fixed("a tag", 8), fixed("a chain", 8), 1),))),
        ],
        "refused": [
            refused(name, data, lambda data: decode_content(data, AUTHOR, EPOCH)) for name, data in broken_contents()
        ],
    }


def content_vector(name: str, content: Content, unknown: tuple[bytes, ...] = ()) -> Json:
    data = encode_content(content, unknown)
    decoded = decode_content(data, AUTHOR, EPOCH)
    same(decoded, content)
    same(encode_content(decoded, unknown), data)
    columns, tables = write_columns(content), Tables(content)
    return {
        "name": name,
        "heads": [{"tag": head.tag.hex(), "chain": head.chain.hex(), "index": head.index} for head in content.heads],
        "authors": [
            {"author": each.hex(), "salt": content.salts[each].hex() if each in content.salts else None}
            for each in tables.authors.listed
        ],
        "epochs": [each.hex() for each in tables.epochs.listed],
        "names": [change_name_json(each) for each in tables.names.listed],
        "changes": [change_json(change) for change in content.changes],
        "raw": columns.raw.hex(),
        "sections": {section: data.hex() for section, data in columns.sections.items()},
        "unknown sections": [section.hex() for section in unknown],
        "bytes": data.hex(),
        "plain": padded(data, LEAST_CONTENT).hex(),
    }


def broken_contents() -> Iterator[tuple[str, bytes]]:
    edit, event = content_of(one_edit()), content_of(new_event())
    good, columns = encode_content(edit), write_columns(edit)
    raw, joined = bytes(columns.raw), columns.joined()
    yield "version 2", b"\2" + good[1:]
    yield "unknown packing", good[:1] + b"\2" + good[2:]
    yield "trailing byte", good + b"\0"
    yield "length of columns", bytes([1, 0]) + sized(raw) + varint(len(joined) + 1) + sized(joined)
    yield "columns with a trailing byte", stored(raw, joined + b"\0")
    yield (
        "seventeen sections",
        stored(raw, varint(17) + b"".join(sized(bytes(each)) for each in list(columns.sections.values())[:17])),
    )
    yield "raw bytes left over", stored(raw + b"\0", joined)
    yield "raw bytes missing", stored(raw[:-1], joined)
    yield "salt flag 2", with_section(several_changes(), "authors", "020200")
    yield "author number past the table", with_section(edit, "change authors", "0101")
    yield "name number past the table", with_section(edit, "names of writes", "010401")
    yield "name number under 0", with_section(edit, "names of writes", "010101")
    yield "seq 0", with_section(edit, "seqs", "01")
    yield "previous of the change before, but there is none", with_section(edit, "previous", "00")
    yield (
        "previous of the change before, whose seq is not one less",
        with_section(content_of(*forked()), "previous", "01000000"),
    )
    yield "previous of seq 1", with_section(event, "previous", "01")
    yield "more changes than bytes", with_section(edit, "change authors", "ffff0300")
    yield "section with a trailing byte", with_section(edit, "walls", columns.sections["walls"].hex() + "00")
    yield "the record before the first operation", with_section(edit, "records", "00")
    yield "a known record, but none was brought", with_section(edit, "records", "04")
    yield "via no write", with_section(event, "records", "02000000000000")
    yield "the record before, which is via", with_section(several_changes(), "records", "03000304020003000400020600")
    yield "the key before the first operation", with_section(edit, "keys", "02")
    yield "unknown key code", with_section(edit, "keys", "04")
    yield "has value 2", with_section(edit, "has value", "02")
    yield "dependencies out of order", with_section(several_changes(), "deps", "00020200040100010500")
    yield "epoch number past the table", with_section(several_changes(), "deps", "00020402020000010500")
    yield "a stream left over", with_section(edit, "value shapes", "02017100")
    yield "a stream missing", with_section(edit, "value shapes", "00")
    yield "a stream with bytes left over", with_section(edit, "value bytes", "010f" + b"Vigil for Evin!".hex())


def with_section(content: Content, section: str, data: str) -> bytes:
    columns = write_columns(content)
    columns.sections[section] = bytearray.fromhex(data)
    return stored(bytes(columns.raw), columns.joined())


def segments() -> Json:
    """§6 and §7."""
    run = sealed_run(LOG, "run")
    data = [segment.encoded() for segment, _ in run]
    for segment in data:
        same(decode_segment(segment).encoded(), segment)
    log_key = signing_key(LOG_SEED)
    return {
        "log": {
            "team": TEAM.hex(), "salt": team_salt(TEAM).hex(), "epoch": EPOCH.hex(), "epoch_key": EPOCH_KEY.hex(),
            "device_seed": ANA_SEED.hex(), "device_key": ANA.key.hex(), "device": ANA.id.hex(), "author": AUTHOR.hex(),
            "log_seed": LOG_SEED.hex(), "log_key": log_key.hex(), "tag": log_tag(log_key).hex(),
            "commitment": commitment_of(EPOCH_KEY, log_tag(log_key)).hex(), "k_log": derive(EPOCH_KEY, "sync/v1/log-key", log_tag(log_key)).hex(),
        },
        "open": open_vectors(),
        "segments": [segment_vector(*each, before) for each, before in zip(run, [NO_CHAIN] + [chain for _, chain in run])],
        "runs": [run_vector(name, *each) for name, *each in accepted_runs(data)],
        "runs refused": [run_refused(name, *each) for name, *each in refused_runs(data)],
        "segment refused": [refused(name, segment, decode_segment) for name, segment in broken_segments(data)],
        "frames": frame_vectors(data),
        "frames refused": [
            refused("cut off in an item", encode_frame([(1, data[0])])[:-1], decode_frame),
            refused("a type alone", b"\1", decode_frame),
        ],
    }  # fmt: skip


def opening() -> OpenContent:
    return OpenContent(EPOCH, ANA.id, SALT, 0, bytes(8))


def sealed_run(log: LogKeys, nonces: str) -> list[tuple[Segment, bytes]]:
    """An open and three segments, pushed as two: 0 and 1, then 2 and 3. Each with its chain value."""
    contents = [
        encode_content(content_of(new_event())),
        encode_content(content_of(one_edit())),
        encode_content(several_changes()),
    ]
    run: list[tuple[Segment, bytes]] = []
    chain = NO_CHAIN
    for index, data in enumerate([encode_open(opening(), ANA_SEED, log.team, log.key)] + contents):
        run.append(
            seal_segment(
                log,
                index,
                chain,
                fixed(f"{nonces} nonce {index}", 12),
                padded(data, LEAST_CONTENT),
                signed=index in (1, 3),
            )
        )
        chain = run[-1][1]
    return run


def segment_vector(segment: Segment, chain: bytes, before: bytes) -> Json:
    header = segment.header
    plain = open_body(TEAM, EPOCH_KEY, segment, before)
    return {
        "index": header.index,
        "nonce": header.nonce.hex(),
        "plain": plain.hex(),
        "content": unpadded(plain, LEAST_CONTENT).hex(),
        "body_key": body_key(EPOCH_KEY, header.tag, before).hex(),
        "associated": body_associated(TEAM, header, before).hex(),
        "body": segment.body and segment.body.hex(),
        "header": header.encoded().hex(),
        "chain": chain.hex(),
        "signature": segment.signature and segment.signature.hex(),
        "bytes": segment.encoded().hex(),
    }


def open_vectors() -> Json:
    log_key = signing_key(LOG_SEED)
    continuing = replace(opening(), seq=300, mark=name_of(AUTHOR, 300).mark)
    vectors = []
    for name, each in (("a new author", opening()), ("continues after seq 300", continuing)):
        data = encode_open(each, ANA_SEED, TEAM, log_key)
        same(decode_open(data, ANA.key, TEAM, log_key), each)
        fields = {
            "epoch": each.epoch.hex(),
            "device": each.device.hex(),
            "salt": each.salt.hex(),
            "seq": each.seq,
            "mark": each.mark.hex(),
        }
        vectors.append({"name": name, **fields, "bytes": data.hex()})
    broken = (
        ("signature of another log", encode_open(opening(), ANA_SEED, TEAM, ANA.key)),
        ("signature of another device", encode_open(opening(), BEN_SEED, TEAM, log_key)),
        ("a mark after seq 0", encode_open(replace(opening(), mark=fixed("mark", 8)), ANA_SEED, TEAM, log_key)),
    )
    return vectors + [
        refused(name, data, lambda data: decode_open(data, ANA.key, TEAM, log_key)) for name, data in broken
    ]


def accepted_runs(data: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    segments = [decode_segment(each) for each in data]
    without = replace(segments[2], body=None).encoded()
    yield "whole", data
    yield "the first push alone", data[:2]
    yield (
        "an interior signature flipped: not checked, so not kept",
        [data[0], with_flipped_signature(segments[1]), *data[2:]],
    )
    yield "a body withdrawn, for a reader that knows a redaction of it", [*data[:2], without, data[3]]


def with_flipped_signature(segment: Segment) -> bytes:
    return replace(segment, signature=flipped(segment.signature or b"", 40)).encoded()


def run_vector(name: str, run: list[bytes]) -> Json:
    plains = open_run(TEAM, EPOCH_KEY, run)
    kept = [segment.encoded() for segment, _ in verify_run(TEAM, run)]
    same(open_run(TEAM, EPOCH_KEY, kept), plains)
    return {
        "name": name,
        "run": [each.hex() for each in run],
        "plains": [plain and plain.hex() for plain in plains],
        "kept": [each.hex() for each in kept],
    }


def refused_runs(data: list[bytes]) -> Iterator[tuple[Any, ...]]:
    """Name, run, and where the reader is not at home: team and epoch key."""
    first, second, third, newest = (decode_segment(each) for each in data)
    forged = [
        replace(segment, signature=None).encoded()
        for segment, _ in sealed_run(replace(LOG, epoch_key=fixed("no epoch")), "forged")
    ]
    impostor = [segment.encoded() for segment, _ in sealed_run(replace(LOG, seed=fixed("impostor")), "impostor")]
    crossed = [
        segment.encoded()
        for segment, _ in sealed_run(replace(LOG, epoch_key=OTHER_EPOCH_KEY, committed=EPOCH_KEY), "crossed")
    ]
    body = flipped(third.body or b"", 20)
    rehashed = replace(third, body=body, header=replace(third.header, body_hash=hashlib.sha256(body).digest()))
    yield "forged prefix: h0 and h1 replaced, the newest signature stays", [*forged[:2], *data[2:]]
    yield "forged middle: h1 replaced, the newest signature stays", [data[0], forged[1], *data[2:]]
    yield "forged prefix of another log key", [*impostor[:2], *data[2:]]
    yield "first and second exchanged", [data[0], data[2], data[1], data[3]]
    yield "one left out", [data[0], data[1], data[3]]
    yield "newest is unsigned", data[:3]
    yield "a bit of the open's header", [flipped(data[0], 70), *data[1:]]
    yield "a bit of an interior header", [*data[:2], flipped(data[2], 20), data[3]]
    yield "a bit of the newest header", [*data[:3], flipped(data[3], 20)]
    yield "a bit of an interior body", [*data[:2], replace(third, body=body).encoded(), data[3]]
    yield "a bit of an interior body, its hash made again", [*data[:2], rehashed.encoded(), data[3]]
    yield "a bit of the newest body", [*data[:3], flipped(data[3], len(data[3]) - 1)]
    yield "a bit of the newest signature", [*data[:3], with_flipped_signature(newest)]
    yield "a reader in another team", data, fixed("another team")
    yield "a reader with another epoch's key", data, TEAM, OTHER_EPOCH_KEY
    yield "committed to this epoch, sealed under another", crossed


def run_refused(name: str, run: list[bytes], team: bytes = TEAM, epoch_key: bytes = EPOCH_KEY) -> Json:
    inputs = {"name": name, "team": team.hex(), "epoch_key": epoch_key.hex(), "run": [each.hex() for each in run]}
    return refusal(lambda: open_run(team, epoch_key, run), **inputs)


def broken_segments(data: list[bytes]) -> Iterator[tuple[str, bytes]]:
    open_, first = data[:2]
    yield "unknown flag", bytes([open_[0] | 8]) + open_[1:]
    yield "an open without its body", bytes([OPEN | ABSENT]) + decode_segment(open_).header.encoded()
    yield "suite 2", first[:1] + b"\2" + first[2:]
    yield "index 0 in a header that is not an open's", first[:18] + b"\0" + first[19:]
    yield "cut off", first[:-1]
    yield "trailing byte", first + b"\0"


def frame_vectors(data: list[bytes]) -> Json:
    push = [(1, segment) for segment in data[:2]]
    pull = push + [(9, b"from a later version"), (2, b"an opaque token")]
    vectors = []
    for name, items in (("a push", push), ("a pull, with an item to skip", pull), ("nothing new", [(2, b"")])):
        frame = encode_frame(items)
        same(decode_frame(frame), items)
        vectors.append(
            {"name": name, "items": [{"type": kind, "data": item.hex()} for kind, item in items], "bytes": frame.hex()}
        )
    return vectors


def control() -> Json:
    """§8 and §9."""
    records = control_records()
    return {
        "team": TEAM.hex(),
        "salt": team_salt(TEAM).hex(),
        "epoch": {"id": EPOCH.hex(), "key": EPOCH_KEY.hex()},
        "devices": [device_vector(ANA, ANA_SEED), device_vector(BEN, BEN_SEED)],
        "devices refused": [refused(name, device.encoded(), whole(read_device)) for name, device in broken_devices()],
        "records": [record_vector(name, record) for name, record in records],
        "records refused": broken_records(dict(records)),
        "sealed refused": broken_sealed(dict(records)["invite"].encoded()),
        **relay_vectors(),
        **invite_vectors(dict(records)),
    }


def device_vector(device: Device, seed: bytes) -> Json:
    data = device.encoded()
    same(whole(read_device)(data), device)
    return {"seed": seed.hex(), "id": device.id.hex(), **device_json(device), "bytes": data.hex()}


def device_json(device: Device) -> Json:
    return {
        "name": device.name,
        "role": device.role,
        "signing_key": device.key.hex(),
        "kem_key": device.kem_key.hex(),
        "possession": device.possession.hex(),
    }


def broken_devices() -> Iterator[tuple[str, Device]]:
    for key in sorted(SMALL_ORDER):
        yield f"signing key of small order {key.hex()}", replace(ANA, key=key)
    low_order = bytes(32), bytes([1]) + bytes(31), bytes.fromhex("ec" + "ff" * 30 + "7f")
    for point in low_order:
        yield f"KEM key of low order {point.hex()}", make_device("Ana", 3, ANA_SEED, ANA.kem_key[:-32] + point)
    yield "role 0", make_device("Ana", 0, ANA_SEED, ANA.kem_key)
    yield "role 4", make_device("Ana", 4, ANA_SEED, ANA.kem_key)
    yield "somebody else's possession", replace(ANA, possession=BEN.possession)


def control_records() -> list[tuple[str, Record]]:
    """The founder invites, somebody joins, the founder closes; and kinds of a later version."""
    genesis = record_name(GENESIS_RECORD.encoded())
    invite = sign_record(Record(Kind.INVITE, True, (genesis,), ANA.id, WALL + 1_000, the_invite()), ANA_SEED, TEAM)
    name = record_name(invite.encoded())
    join = sign_record(Record(Kind.JOIN, True, (name,), BEN.id, WALL - 5_000, the_join(name)), BEN_SEED, TEAM)
    joined = record_name(join.encoded())
    close = sign_record(Record(Kind.CLOSE, True, (joined,), ANA.id, WALL + 9_000, Close(name, joined)), ANA_SEED, TEAM)
    parents = tuple(sorted((genesis, joined)))
    nobody = sign_record(Record(Kind.CLOSE, True, parents, ANA.id, WALL + 9_000, Close(name, None)), ANA_SEED, TEAM)
    later = sign_record(Record(77, False, (joined,), ANA.id, 0, Unknown(b"from a later version")), ANA_SEED, TEAM)
    critical = replace(later, critical=True)
    return [
        ("genesis", GENESIS_RECORD),
        ("invite", invite),
        ("join", join),
        ("close", close),
        ("close for nobody, two parents", nobody),
        ("unknown kind", later),
        ("unknown critical kind", sign_record(critical, ANA_SEED, TEAM)),
    ]


def the_invite() -> Invite:
    return Invite(signing_key(invite_seed(INVITE_SECRET)), 2, 1, WALL + 172_800_000, 1, EPOCH)


def the_join(invite: bytes) -> Join:
    return Join(invite, BEN, sign(invite_seed(INVITE_SECRET), "sync/v1/join", TEAM + invite + BEN.encoded()))


def record_vector(name: str, record: Record) -> Json:
    data = record.encoded()
    same(decode_record(data), record)
    seed, key = (BEN_SEED, BEN.key) if record.signer == BEN.id else (ANA_SEED, ANA.key)
    verify_record(record, key, TEAM)
    if isinstance(record.payload, Join):
        verify_join(record.payload, the_invite().key, TEAM)
    nonce = fixed(f"control nonce {name}", 12)
    sealed = seal_record(data, EPOCH_KEY, nonce)
    same(open_record(sealed, EPOCH_KEY), data)
    return {
        "name": name,
        "number": int(record.number),
        "critical": record.critical,
        "parents": [parent.hex() for parent in record.parents],
        "signer": record.signer.hex(),
        "signer_seed": seed.hex(),
        "signer_key": key.hex(),
        "wall": record.wall,
        "fields": payload_json(record.payload),
        "payload": record.payload.encoded().hex(),
        "signature": record.signature.hex(),
        "bytes": data.hex(),
        "record_name": record_name(data).hex(),
        "sealed": {
            "epoch_key": EPOCH_KEY.hex(),
            "tag": control_tag(EPOCH_KEY).hex(),
            "nonce": nonce.hex(),
            "bytes": sealed.hex(),
        },
    }


def payload_json(payload: Payload) -> Json:
    match payload:
        case Genesis():
            return {
                "random": payload.random.hex(),
                "team_name": payload.team_name,
                "control_token": payload.control_token.hex(),
                "device": device_json(payload.device),
                "envelope": payload.envelope.hex(),
            }
        case Invite():
            return {
                "key": payload.key.hex(),
                "role": payload.role,
                "uses": payload.uses,
                "expires": payload.expires,
                "history": payload.history,
                "epoch": payload.epoch.hex(),
            }
        case Join():
            return {
                "invite": payload.invite.hex(),
                "device": device_json(payload.device),
                "signature": payload.signature.hex(),
            }
        case Close():
            return {"invite": payload.invite.hex(), "join": payload.join and payload.join.hex()}
        case Unknown():
            return None


def broken_records(records: dict[str, Record]) -> Json:
    """Refused by the decoder or by the signature, with the signer's key and the team given."""
    genesis, invite, join, two_parents = (
        records[name] for name in ("genesis", "invite", "join", "close for nobody, two parents")
    )
    unsorted = sign_record(replace(two_parents, parents=two_parents.parents[::-1]), ANA_SEED, TEAM)
    twice = sign_record(replace(two_parents, parents=two_parents.parents[:1] * 2), ANA_SEED, TEAM)
    foreign = sign_record(invite, ANA_SEED, fixed("another team"))
    crowded = sign_record(
        replace(invite, parents=tuple(sorted(fixed(f"parent {i}") for i in range(65)))), ANA_SEED, TEAM
    )
    broken = (
        ("version 2", b"\2" + invite.encoded()[1:]),
        ("trailing byte", invite.encoded() + b"\0"),
        ("a bit of the signature", flipped(invite.encoded(), -1)),
        ("a bit of the payload", flipped(invite.encoded(), -70)),
        ("parents out of order", unsorted.encoded()),
        ("a parent twice", twice.encoded()),
        ("65 parents", crowded.encoded()),
        ("signed for another team", foreign.encoded()),
        ("a genesis signed by somebody else", sign_record(genesis, BEN_SEED, TEAM).encoded()),
        (
            "a genesis whose signer is not its device",
            sign_record(replace(genesis, signer=BEN.id), ANA_SEED, TEAM).encoded(),
        ),
        ("a join whose signer is not its device", sign_record(replace(join, signer=ANA.id), BEN_SEED, TEAM).encoded()),
        ("a join without the invite's key", sign_record(replace(join, payload=stolen(join)), BEN_SEED, TEAM).encoded()),
    )
    return [
        refused(name, data, check_record, team=TEAM.hex(), signer_key=ANA.key.hex(), invite_key=the_invite().key.hex())
        for name, data in broken
    ]


def stolen(join: Record) -> Join:
    """A join signed by its own device where the invite's key should sign."""
    invite = join.parents[0]
    return Join(invite, BEN, sign(BEN_SEED, "sync/v1/join", TEAM + invite + BEN.encoded()))


def check_record(data: bytes) -> None:
    record = decode_record(data)
    verify_record(record, ANA.key, TEAM)
    if isinstance(record.payload, Join):
        verify_join(record.payload, the_invite().key, TEAM)


def broken_sealed(record: bytes) -> Json:
    sealed = seal_record(record, EPOCH_KEY, fixed("control nonce", 12))
    broken = (
        ("suite 2", b"\2" + sealed[1:]),
        ("a bit of the nonce", flipped(sealed, 20)),
        ("a bit of the body", flipped(sealed, 40)),
        ("sealed under another epoch", seal_record(record, OTHER_EPOCH_KEY, fixed("control nonce", 12))),
        ("this epoch's tag, another's key", sealed[:17] + seal_record(record, OTHER_EPOCH_KEY, sealed[17:29])[17:]),
    )
    return [
        refused(name, data, lambda data: open_record(data, EPOCH_KEY), epoch_key=EPOCH_KEY.hex())
        for name, data in broken
    ]


def relay_seed(number: int) -> bytes:
    return fixed(f"relay {number}")


def tokens(epoch_key: bytes) -> tuple[bytes, bytes, bytes]:
    """Read, write and control token."""
    return derive(epoch_key, "sync/v1/relay-read"), derive(epoch_key, "sync/v1/relay-write"), CONTROL_TOKEN


def registrations() -> tuple[Registration, Registration]:
    """The founder's, and the one after a rotation to another epoch."""
    chain = []
    for number, epoch_key in enumerate((EPOCH_KEY, OTHER_EPOCH_KEY)):
        read, write, constant = (hashlib.sha256(token).digest() for token in tokens(epoch_key))
        keys = signing_key(relay_seed(number)), signing_key(relay_seed(number + 1))
        unsigned = Registration(number + 1, keys[0], team_salt(TEAM), (read, write, constant), keys[1])
        chain.append(sign_registration(unsigned, relay_seed(number)))
    return chain[0], chain[1]


def relay_vectors() -> Json:
    chain = registrations()
    verify_chain(list(chain))
    for each in chain:
        same(decode_registration(each.encoded()), each)
    return {
        "handle": {"relay_key": chain[0].relay_key.hex(), "handle": relay_handle(chain[0].relay_key)},
        "registrations": [registration_vector(number, each) for number, each in enumerate(chain)],
        "registrations refused": [chain_refused(*broken) for broken in broken_chains(*chain)],
    }


def registration_vector(number: int, registration: Registration) -> Json:
    epoch_key = (EPOCH_KEY, OTHER_EPOCH_KEY)[number]
    return {
        "counter": registration.counter,
        "relay_seed": relay_seed(number).hex(),
        "relay_key": registration.relay_key.hex(),
        "salt": registration.salt.hex(),
        "epoch_key": epoch_key.hex(),
        "tokens": dict(zip(("read", "write", "control"), (token.hex() for token in tokens(epoch_key)))),
        "next_key": registration.next_key.hex(),
        "signature": registration.signature.hex(),
        "bytes": registration.encoded().hex(),
    }


def chain_refused(name: str, chain: list[Registration]) -> Json:
    return refusal(lambda: verify_chain(chain), name=name, chain=[each.encoded().hex() for each in chain])


def broken_chains(first: Registration, second: Registration) -> Iterator[tuple[str, list[Registration]]]:
    thief = replace(second, relay_key=signing_key(fixed("thief")))
    yield "the second alone", [second]
    yield "the same counter again", [first, sign_registration(replace(second, counter=1), relay_seed(1))]
    yield "a counter left out", [first, sign_registration(replace(second, counter=3), relay_seed(1))]
    yield "signed by a key that the first does not name", [first, sign_registration(thief, fixed("thief"))]
    yield "signed by the first key again", [first, sign_registration(second, relay_seed(0))]
    yield "another team's salt", [first, sign_registration(replace(second, salt=fixed("salt")), relay_seed(1))]


def invite_vectors(records: dict[str, Record]) -> Json:
    plain_code = InviteCode(INVITE_SECRET, TEAM[:16], "https://relay.example")
    pinned = replace(plain_code, relay="https://192.0.2.7:8443/sync", pin=fixed("certificate"))
    return {
        "invite_keys": {
            "secret": INVITE_SECRET.hex(),
            "seed": invite_seed(INVITE_SECRET).hex(),
            "key": the_invite().key.hex(),
            "mailbox": mailbox(INVITE_SECRET),
        },
        "codes": [code_vector("without a pin", plain_code), code_vector("with a pin", pinned)],
        "codes refused": [code_refused(*broken) for broken in broken_codes(plain_code)],
        "welcomes": [welcome_vector(name, each) for name, each in welcomes(records)],
        "welcomes refused": broken_welcomes(welcomes(records)[0][1].encoded()),
    }


def code_vector(name: str, code: InviteCode) -> Json:
    """With other ways to type it."""
    written = code.written()
    body = written.removeprefix("SYNC-")
    also = [
        written.lower(),
        "SYNC-" + body.replace("-", ""),
        "SYNC-" + body.replace("0", "o").replace("1", "l"),
        "sync " + body.replace("-", " "),
    ]
    for each in (written, *also):
        same(read_code(each), code)
    data = code.checked()
    return {
        "name": name,
        "secret": code.secret.hex(),
        "team": code.team.hex(),
        "pin": code.pin and code.pin.hex(),
        "relay": code.relay,
        "bytes": (data + hashlib.sha256(data).digest()[:5]).hex(),
        "code": written,
        "also": also,
    }


def code_refused(name: str, code: str) -> Json:
    return refusal(lambda: read_code(code), name=name, code=code)


def broken_codes(code: InviteCode) -> Iterator[tuple[str, str]]:
    written = code.written()
    other = code.checked() + bytes(5)
    yield "one wrong character", written[:20] + ("Q" if written[20] != "Q" else "R") + written[21:]
    yield "two characters exchanged", written[:6] + written[7] + written[6] + written[8:]
    yield "the last character missing", written[:-1]
    yield "one character too many", written + "0"
    yield "a character outside the alphabet", written[:20] + "U" + written[21:]
    yield "another prefix", "SINK" + written[4:]
    yield "a wrong checksum", "SYNC-" + base32(other)
    yield "version 2", with_checksum(b"\2" + code.checked()[1:])
    yield "a byte behind the address", with_checksum(code.checked() + b"\0")


def with_checksum(data: bytes) -> str:
    return "SYNC-" + base32(data + hashlib.sha256(data).digest()[:5])


def welcomes(records: dict[str, Record]) -> list[tuple[str, Welcome]]:
    invite = record_name(records["invite"].encoded())
    first, second = (each.encoded() for each in registrations())
    volunteer = Welcome(TEAM, invite, invite, ((EPOCH, EPOCH_KEY),), CONTROL_TOKEN, (first,))
    coordinator = replace(
        volunteer,
        epochs=((EPOCH, EPOCH_KEY), (OTHER_EPOCH, OTHER_EPOCH_KEY)),
        registrations=(first, second),
        relay_seeds=(relay_seed(1), relay_seed(2)),
        base=fixed("base"),
    )
    return [("a volunteer's", volunteer), ("a coordinator's, with a base", coordinator)]


def welcome_vector(name: str, welcome: Welcome) -> Json:
    data = welcome.encoded()
    same(decode_welcome(data), welcome)
    nonce = fixed(f"welcome nonce {name}", 12)
    box = seal_welcome(data, INVITE_SECRET, TEAM, nonce)
    same(open_welcome(box, INVITE_SECRET, TEAM), data)
    return {
        "name": name,
        "team": welcome.team.hex(),
        "head": welcome.head.hex(),
        "invite": welcome.invite.hex(),
        "epochs": [{"id": epoch.hex(), "key": key.hex()} for epoch, key in welcome.epochs],
        "control_token": welcome.control_token.hex(),
        "registrations": [each.hex() for each in welcome.registrations],
        "relay_seeds": welcome.relay_seeds and [seed.hex() for seed in welcome.relay_seeds],
        "base": welcome.base and welcome.base.hex(),
        "bytes": data.hex(),
        "secret": INVITE_SECRET.hex(),
        "nonce": nonce.hex(),
        "box": box.hex(),
    }


def broken_welcomes(welcome: bytes) -> Json:
    box = seal_welcome(welcome, INVITE_SECRET, TEAM, fixed("welcome nonce", 12))
    broken = (
        ("another secret", seal_welcome(welcome, fixed("other secret", 16), TEAM, box[:12])),
        ("another team", seal_welcome(welcome, INVITE_SECRET, fixed("another team"), box[:12])),
        ("a bit of the box", flipped(box, 100)),
        ("trailing byte", seal_welcome(welcome + b"\0", INVITE_SECRET, TEAM, box[:12])),
        ("flag 2 for relay secrets", seal_welcome(welcome[:-2] + b"\2\0", INVITE_SECRET, TEAM, box[:12])),
    )
    return [
        refused(
            name,
            data,
            lambda data: decode_welcome(open_welcome(data, INVITE_SECRET, TEAM)),
            secret=INVITE_SECRET.hex(),
            team=TEAM.hex(),
        )
        for name, data in broken
    ]


# The command


def all_files() -> dict[str, Json]:
    topics = (primitives, values, changes, content, segments, control)
    return {f"{topic.__name__}.json": topic() for topic in topics}


def written(vectors: Json) -> str:
    return json.dumps(vectors, indent=1) + "\n"


def differences(expected: Json, found: Json, path: str = "") -> Iterator[str]:
    """The places at which two JSON values differ."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in [*expected, *(key for key in found if key not in expected)]:
            yield from differences(expected.get(key), found.get(key), f"{path}/{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (left, right) in enumerate(zip(expected, found)):
            yield from differences(left, right, f"{path}/{index}")
    elif expected != found:
        yield f"{path}: expected {shortened(expected)}, found {shortened(found)}"


def shortened(value: Json) -> str:
    string = json.dumps(value)
    return string if len(string) <= 72 else f"{string[:60]}… ({len(string)} characters)"


def check_file(path: Path, vectors: Json) -> list[str]:
    if not path.exists():
        return [f"{path.name}: missing"]
    found = path.read_text()
    if found == written(vectors):
        return []
    try:
        places = list(differences(vectors, json.loads(found)))
    except json.JSONDecodeError as error:
        return [f"{path.name}: not JSON: {error}"]
    return [f"{path.name}{place}" for place in places] or [f"{path.name}: the same vectors, laid out differently"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes the golden vectors of docs/format.md.")
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    check = parser.parse_args().check
    files = all_files()
    if check:
        found = [line for name, vectors in files.items() for line in check_file(FOLDER / name, vectors)]
        print("\n".join(found) or f"{len(files)} files are as they should be")
        return 1 if found else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, vectors in files.items():
        (FOLDER / name).write_text(written(vectors))
    return 0


if __name__ == "__main__":
    sys.exit(main())
