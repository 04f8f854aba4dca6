#!/usr/bin/env python3
"""The format of docs/format.md, a second time: what reads and writes every byte of it, for scripts/vectors.py.

Numbers in docstrings (§5) are sections of docs/format.md. Nothing here was taken from the engine.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

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


def wrapped(value: int) -> int:
    """The signed 64-bit integer that is `value` modulo 2⁶⁴."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


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

    def number(self) -> int:
        """A code, a field, a part or an operation's index: 32 bits, §10."""
        value = self.varint()
        require(value < 1 << 32, "32 bits")
        return value

    def sized(self, most: int | None = None) -> bytes:
        count = self.varint()
        require(most is None or count <= most, "limit")
        return self.take(count)

    def text(self, most: int | None = None) -> str:
        return utf8(self.sized(most))


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
        part = shapes(path).number()
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
    LIFE, ASSIGN, ADD, REMOVE, ENTRY, RETRACT, INCREMENT, REDACTED = range(1, 9)


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
    code, shape = reader.number(), reader.u8()
    via, has_key, has_names, has_value = (shape >> bit & 1 for bit in range(4))
    require(shape < 16 and via <= has_names, "shape")
    return Operation(
        code=code,
        record=None if via else reader.take(16),
        field=reader.number(),
        key=reader.take(8) if has_key else None,
        names=read_write_names(reader) if has_names else (),
        value=read_one_value(reader) if has_value else None,
    )


def read_write_names(reader: Reader) -> tuple[WriteName, ...]:
    count = reader.varint()
    require(count >= 1, "no names")
    return tuple(WriteName(read_change_name(reader), reader.number()) for _ in range(count))


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
    """Section 11; from KNOWN on: the i-th that FRESH and NEW have brought."""

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
        columns.put("seqs", zig(wrapped(change.name.seq - seq_after(before))))
        columns.put("walls", zig(wrapped(change.wall - wall)))
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
        before = Before()
        for index, operation in enumerate(change.operations):
            columns.put("codes", varint(operation.code))
            write_record(columns, operation, before, fresh_record(change.name, index), known)
            columns.put("fields", varint(operation.field))
            write_key(columns, operation, before, fresh_key(change.name, index))
            columns.put("names of writes", varint(len(operation.names)))
            for name in operation.names:
                number = tables.names.number[name.change]
                columns.put("names of writes", zig(wrapped(number - named)), varint(name.operation))
                named = number
            columns.put("has value", bytes([operation.value is not None]))
            if operation.value is not None:
                write_value(operation.value, (operation.field,), streams.shapes, streams.data)
    columns.put("value shapes", streams.joined(streams.of_shapes))
    columns.put("value bytes", streams.joined(streams.of_data))


@dataclass
class Before:
    """The record and the key of the nearest earlier operations in this change that have one."""

    record: bytes | None = None
    key: bytes | None = None


def write_record(columns: Columns, operation: Operation, before: Before, fresh: bytes, known: list[bytes]) -> None:
    """The first that applies of VIA, BEFORE, KNOWN, FRESH, NEW."""
    if operation.record is None:
        code = int(RecordCode.VIA)
    elif operation.record == before.record:
        code = RecordCode.BEFORE
    elif operation.record in known:
        code = RecordCode.KNOWN + known.index(operation.record)
    else:
        code = RecordCode.FRESH if operation.record == fresh else RecordCode.NEW
        known.append(operation.record)
        columns.raw += b"" if operation.record == fresh else operation.record
    before.record = operation.record or before.record
    columns.put("records", varint(code))


def write_key(columns: Columns, operation: Operation, before: Before, fresh: bytes) -> None:
    """The first that applies of NONE, BEFORE, FRESH, GIVEN."""
    if operation.key is None:
        code = KeyCode.NONE
    elif operation.key == before.key:
        code = KeyCode.BEFORE
    elif operation.key == fresh:
        code = KeyCode.FRESH
    else:
        code = KeyCode.GIVEN
        columns.raw += operation.key
    before.key = operation.key or before.key
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
        reader = Reader(data)
        reader.version()
        require(reader.u8() == 0, "packing")
        self.raw = Reader(reader.sized())
        length, columns = reader.varint(), reader.sized()
        reader.end()
        require(len(self.raw.data) + length <= LARGEST_CONTENT, "size of content")
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
        seq = (seq_after(before) + columns["seqs"].zig()) % (1 << 64)
        require(seq >= 1, "seq")
        name = ChangeName(author, seq, columns.raw.take(8))
        previous = read_previous(columns, seq, before)
        wall = wrapped(wall + columns["walls"].zig())
        skeletons.append(Change(name, wall, (), previous))
    require(len({each.name for each in skeletons}) == count, "a name twice")
    return skeletons


def read_previous(columns: ColumnReaders, seq: int, before: ChangeName | None) -> bytes | None:
    given = columns["previous"].flag()
    if seq == 1:
        require(not given, "previous of seq 1")
        return None
    implied = before.mark if before is not None and before.seq == seq - 1 else None
    if not given and implied is None:
        raise Refused("no previous")
    previous = columns.raw.take(8) if given else implied
    require(not given or previous != implied, "previous given, but implied")
    return previous


def read_bodies(columns: ColumnReaders, skeletons: list[Change], tables: ReadTables) -> tuple[Change, ...]:
    """Sections 8 to 17."""
    operations = OperationReader(columns, tables)
    changes = []
    for skeleton in skeletons:
        dependencies = tuple(read_dependency(columns["deps"], tables) for _ in range(columns["deps"].varint()))
        require_sorted(dependencies)
        count = columns["counts"].varint()
        require(count <= MOST_OPERATIONS, "number of operations")
        change = replace(skeleton, dependencies=dependencies, operations=operations.read(skeleton.name, count))
        require(len(encode_change(change)) <= LARGEST_CHANGE, "size of a change")
        changes.append(change)
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
        before = Before()
        for index in range(count):
            code = self.columns["codes"].number()
            record = self.record(before, fresh_record(change, index))
            place = self.columns["fields"].number()
            key = self.key(before, fresh_key(change, index))
            names = tuple(self.name() for _ in range(self.columns["names of writes"].varint()))
            require(record is not None or bool(names), "via no write")
            value = self.streams.value((place,)) if self.columns["has value"].flag() else None
            operations.append(Operation(code, place, record, key, names, value))
            before = Before(record or before.record, key or before.key)
        return tuple(operations)

    def record(self, before: Before, fresh: bytes) -> bytes | None:
        match self.columns["records"].varint():
            case RecordCode.BEFORE:
                if before.record is None:
                    raise Refused("no record before")
                return before.record
            case RecordCode.FRESH:
                self.known.append(fresh)
                return fresh
            case RecordCode.VIA:
                return None
            case RecordCode.NEW:
                self.known.append(self.columns.raw.take(16))
                return self.known[-1]
            case code:
                return numbered(self.known, code - RecordCode.KNOWN)

    def key(self, before: Before, fresh: bytes) -> bytes | None:
        match self.columns["keys"].varint():
            case KeyCode.NONE:
                return None
            case KeyCode.FRESH:
                return fresh
            case KeyCode.BEFORE:
                if before.key is None:
                    raise Refused("no key before")
                return before.key
            case KeyCode.GIVEN:
                return self.columns.raw.take(8)
        raise Refused("key code")

    def name(self) -> WriteName:
        self.named = wrapped(self.named + self.columns["names of writes"].zig())
        return WriteName(numbered(self.tables.names, self.named), self.columns["names of writes"].number())


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
    GENESIS, INVITE, JOIN, CLOSE, ADMIT = range(1, 6)
    ROLE, REMOVE, ACCEPT, ROTATE, REDACT = range(6, 11)
    RENAME = 12
    HAND = 14

    @property
    def critical(self) -> bool:
        return self is not Kind.RENAME


LEAST_RECORD = 256
LARGEST_RECORD = 256 << 10
MOST_PARENTS = 64
LONGEST_REASON = 512
LONGEST_NAME = 256
LONGEST_ENVELOPE = 4_096
MOST_RECIPIENTS = 200
MOST_CUTS = 512
MOST_ACCEPTED = 4_096
READER = 1
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
    device = Device(reader.text(LONGEST_NAME), reader.u8(), reader.take(32), reader.take(1216), reader.take(64))
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
class Admit:
    device: Device
    history: int

    def encoded(self) -> bytes:
        return self.device.encoded() + bytes([self.history])


@dataclass(frozen=True)
class Grant:
    device: bytes
    envelope: bytes

    def encoded(self) -> bytes:
        return self.device + sized(self.envelope)


@dataclass(frozen=True)
class RoleChange:
    device: bytes
    role: int
    cuts: tuple[ChangeName, ...] = ()

    def encoded(self) -> bytes:
        return self.device + bytes([self.role]) + listed(self.cuts)


@dataclass(frozen=True)
class Remove:
    device: bytes
    cuts: tuple[ChangeName, ...]
    grants: tuple[Grant, ...]

    def encoded(self) -> bytes:
        return self.device + listed(self.cuts) + listed(self.grants)


@dataclass(frozen=True)
class Accept:
    changes: tuple[ChangeName, ...]

    def encoded(self) -> bytes:
        return listed(self.changes)


@dataclass(frozen=True)
class Rotate:
    grants: tuple[Grant, ...]

    def encoded(self) -> bytes:
        return listed(self.grants)


@dataclass(frozen=True)
class Rename:
    device: bytes
    name: str

    def encoded(self) -> bytes:
        return self.device + text(self.name)


@dataclass(frozen=True)
class Hand:
    """Keys of epochs for one device: each as a grant whose recipient is the epoch."""

    device: bytes
    keys: tuple[Grant, ...]

    def encoded(self) -> bytes:
        return self.device + listed(self.keys)


@dataclass(frozen=True)
class Edit:
    change: ChangeName
    operations: tuple[int, ...]

    def encoded(self) -> bytes:
        return self.change.encoded() + varint(len(self.operations)) + b"".join(map(varint, self.operations))


@dataclass(frozen=True)
class Withdrawn:
    tag: bytes
    index: int
    chain: bytes
    digest: bytes

    def encoded(self) -> bytes:
        return self.tag + varint(self.index) + self.chain + self.digest


@dataclass(frozen=True)
class Redact:
    record: bytes
    field: int
    reason: str
    edits: tuple[Edit, ...]
    withdrawn: tuple[Withdrawn, ...]

    def encoded(self) -> bytes:
        out = self.record + varint(self.field) + text(self.reason) + varint(len(self.edits))
        out += b"".join(edit.encoded() for edit in self.edits) + varint(len(self.withdrawn))
        return out + b"".join(segment.encoded() for segment in self.withdrawn)


def ascending(items: tuple[Entry, ...]) -> bool:
    return all(a < b for a, b in zip(items, items[1:]))


def read_redact(reader: Reader) -> Redact:
    record, field, reason = reader.take(16), reader.number(), reader.text(LONGEST_REASON)
    edits = []
    for _ in range(reader.varint()):
        change = read_change_name(reader)
        edits.append(Edit(change, tuple(reader.number() for _ in range(reader.varint()))))
        require(edits[-1].operations != () and ascending(edits[-1].operations), "operations")
    require(edits != [] and ascending(tuple((e.change.author, e.change.seq, e.change.mark) for e in edits)), "changes")
    withdrawn = tuple(
        Withdrawn(reader.take(16), reader.varint(), reader.take(32), reader.take(32)) for _ in range(reader.varint())
    )
    require(ascending(tuple(segment.chain for segment in withdrawn)), "segments")
    require(all(segment.index > 0 for segment in withdrawn), "segments")
    return Redact(record, field, reason, tuple(edits), withdrawn)


def redacted(operation: Operation) -> Operation:
    """§4: the operation without its value."""
    if operation.code == Code.RETRACT:
        return replace(operation, value=None)
    return replace(operation, code=Code.REDACTED, value={1: int(operation.code)})


def redacted_digest(changes: Iterable[Change]) -> bytes:
    return hashed("sync/v1/redacted", *(change_hash(change) for change in changes))


def withdrawal_signed(handle: str, segments: tuple[Withdrawn, ...]) -> bytes:
    listed = sorted(segments, key=lambda segment: segment.chain)
    return text(handle) + varint(len(listed)) + b"".join(s.tag + varint(s.index) + s.chain for s in listed)


def listed(items: tuple[ChangeName, ...] | tuple[Grant, ...]) -> bytes:
    return varint(len(items)) + b"".join(item.encoded() for item in items)


def read_cuts(reader: Reader) -> tuple[ChangeName, ...]:
    """At most one of each author."""
    count = reader.varint()
    require(count <= MOST_CUTS, "number of cuts")
    cuts = tuple(read_change_name(reader) for _ in range(count))
    require(all(a.author < b.author for a, b in zip(cuts, cuts[1:])), "order of cuts")
    return cuts


def read_grants(reader: Reader) -> tuple[Grant, ...]:
    count = reader.varint()
    require(count <= MOST_RECIPIENTS, "number of recipients")
    grants = tuple(Grant(reader.take(16), reader.sized(LONGEST_ENVELOPE)) for _ in range(count))
    require(all(a.device < b.device for a, b in zip(grants, grants[1:])), "order of recipients")
    return grants


def read_role_change(reader: Reader) -> RoleChange:
    change = RoleChange(reader.take(16), reader.u8(), read_cuts(reader))
    require(1 <= change.role <= 3, "role")
    require(change.role == READER or not change.cuts, "cuts of one who may write")
    return change


def read_remove(reader: Reader) -> Remove:
    remove = Remove(reader.take(16), read_cuts(reader), read_grants(reader))
    require(all(grant.device != remove.device for grant in remove.grants), "a key for the removed device")
    return remove


def read_accept(reader: Reader) -> Accept:
    count = reader.varint()
    require(1 <= count <= MOST_ACCEPTED, "number of changes")
    changes = tuple(read_change_name(reader) for _ in range(count))
    keys = [(name.author, name.seq, name.mark) for name in changes]
    require(all(a < b for a, b in zip(keys, keys[1:])), "order of changes")
    return Accept(changes)


def read_rotate(reader: Reader) -> Rotate:
    rotate = Rotate(read_grants(reader))
    require(len(rotate.grants) > 0, "an epoch for nobody")
    return rotate


def read_hand(reader: Reader) -> Hand:
    hand = Hand(reader.take(16), read_grants(reader))
    require(len(hand.keys) > 0, "keys of no epoch")
    return hand


@dataclass(frozen=True)
class Unknown:
    payload: bytes

    def encoded(self) -> bytes:
        return self.payload


Payload = Genesis | Invite | Join | Close | Admit | RoleChange | Remove | Accept | Rotate | Redact | Rename | Hand | Unknown


def decode_payload(number: int, critical: bool, data: bytes) -> Payload:
    """Number and bit together are the kind."""
    reader = Reader(data)
    payload: Payload
    match number if critical == (number != Kind.RENAME) else None:
        case Kind.GENESIS:
            payload = Genesis(
                reader.take(16),
                reader.text(LONGEST_NAME),
                reader.take(32),
                read_device(reader),
                reader.sized(LONGEST_ENVELOPE),
            )
        case Kind.INVITE:
            payload = Invite(reader.take(32), reader.u8(), reader.varint(), reader.zig(), reader.u8(), reader.take(16))
            require(1 <= payload.role <= 3, "role")
            refuse_small_order(payload.key)
        case Kind.JOIN:
            payload = Join(reader.take(32), read_device(reader), reader.take(64))
        case Kind.CLOSE:
            payload = Close(reader.take(32), reader.take(32) if reader.flag() else None)
        case Kind.ADMIT:
            payload = Admit(read_device(reader), reader.u8())
        case Kind.ROLE:
            payload = read_role_change(reader)
        case Kind.REMOVE:
            payload = read_remove(reader)
        case Kind.ACCEPT:
            payload = read_accept(reader)
        case Kind.ROTATE:
            payload = read_rotate(reader)
        case Kind.HAND:
            payload = read_hand(reader)
        case Kind.REDACT:
            payload = read_redact(reader)
        case Kind.RENAME:
            payload = Rename(reader.take(16), reader.text(LONGEST_NAME))
            require(payload.name != "", "name")
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
    return bytes(32) if isinstance(record.payload, Genesis) else team


def decode_record(data: bytes) -> Record:
    require(len(data) <= LARGEST_RECORD, "size of a record")
    reader = Reader(data)
    reader.version()
    kind, count = reader.varint(), reader.varint()
    require(count <= MOST_PARENTS, "number of parents")
    parents = tuple(reader.take(32) for _ in range(count))
    require(all(a < b for a, b in zip(parents, parents[1:])), "order of parents")
    signer, wall, payload = reader.take(16), reader.zig(), decode_payload(kind >> 1, bool(kind & 1), reader.sized())
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
        require(each.counter == (0 if before is None else before.counter + 1), "counter")
        require(before is None or (each.relay_key, each.salt) == (before.next_key, before.salt), "relay key")
        verify(each.relay_key, each.signature, "sync/v1/registration", each.unsigned())
        before = each


def relay_handle(first_key: bytes) -> str:
    return hashed("sync/v1/relay", first_key)[:16].hex()


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PASSED_OVER = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200c\u200d\u2060\ufeff"
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


LONGEST_URL = 512


@dataclass(frozen=True)
class InviteCode:
    """An invite code."""

    secret: bytes
    team: bytes
    relay: str
    pin: bytes | None = None
    inviter: bytes | None = None
    """Of one that asks back: a DeviceID."""

    def checked(self) -> bytes:
        pin = b"\0" if self.pin is None else b"\x01" + self.pin
        kind = b"\x01" if self.inviter is None else b"\x02"
        return kind + self.secret + self.team + (self.inviter or b"") + pin + text(self.relay)

    def written(self) -> str:
        data = self.checked()
        characters = base32(data + hashlib.sha256(data).digest()[:5])
        return "SYNC-" + "-".join(characters[i : i + 5] for i in range(0, len(characters), 5))


def read_code(string: str) -> InviteCode:
    """Case, dashes, white space and what cannot be seen do not count; I and L are 1, O is 0, as Crockford has it."""
    characters = "".join(each for each in string if not each.isspace() and each not in PASSED_OVER).upper()
    require(characters.startswith("SYNC"), "prefix")
    data = unbase32(characters[4:].translate(LOOKALIKES))
    require(len(data) > 5 and hashlib.sha256(data[:-5]).digest()[:5] == data[-5:], "checksum")
    reader = Reader(data[:-5])
    kind = reader.u8()
    require(kind in (1, 2), "kind of a code")
    secret, team = reader.take(16), reader.take(16)
    inviter = reader.take(16) if kind == 2 else None
    pin = reader.take(32) if reader.flag() else None
    code = InviteCode(secret, team, reader.text(LONGEST_URL), pin, inviter)
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
    relay_seeds: tuple[tuple[bytes, bytes], ...] = ()
    base: bytes | None = None

    def encoded(self) -> bytes:
        out = b"\x01" + self.team + self.head + self.invite
        out += varint(len(self.epochs)) + b"".join(name + key for name, key in self.epochs)
        out += self.control_token + varint(len(self.registrations)) + b"".join(map(sized, self.registrations))
        out += varint(len(self.relay_seeds)) + b"".join(epoch + seed for epoch, seed in self.relay_seeds)
        return out + (b"\0" if self.base is None else b"\x01" + self.base)


LARGEST_WELCOME = 64 << 10


def decode_welcome(data: bytes) -> Welcome:
    require(len(data) <= LARGEST_WELCOME, "size of a welcome")
    reader = Reader(data)
    reader.version()
    team, head, invite = reader.take(32), reader.take(32), reader.take(32)
    epochs = tuple((reader.take(16), reader.take(32)) for _ in range(reader.varint()))
    token, registrations = reader.take(32), tuple(reader.sized() for _ in range(reader.varint()))
    seeds = tuple((reader.take(16), reader.take(32)) for _ in range(reader.varint()))
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
    reader = Reader(box)
    nonce, sealed = reader.take(12), reader.rest()
    welcome = unpadded(unseal(derive(secret, "sync/v1/box"), nonce, associated, sealed), LEAST_RECORD)
    require(welcome[1:17] == team[:16], "team")
    return welcome


# Invites that ask back, §9


@dataclass(frozen=True)
class Offer:
    """Whom to ask: `keys` are a signing key and a KEM key."""

    keys: bytes
    role: int
    expires: int

    def encoded(self) -> bytes:
        return b"\x01" + self.keys + bytes([self.role]) + zig(self.expires)


def decode_offer(data: bytes) -> Offer:
    reader = Reader(data)
    reader.version()
    offer = Offer(read_keys(reader), reader.u8(), reader.zig())
    require(1 <= offer.role <= 3, "role")
    reader.end()
    return offer


def read_keys(reader: Reader) -> bytes:
    key, kem_key = reader.take(32), reader.take(1216)
    refuse_small_order(key)
    refuse_low_order(kem_key)
    return key + kem_key


def seal_offer(offer: bytes, secret: bytes, team: bytes, nonce: bytes) -> bytes:
    associated = b"sync/v1/offer\0" + team[:16]
    return nonce + seal(derive(secret, "sync/v1/offer-key"), nonce, associated, padded(offer, LEAST_RECORD))


def open_offer(box: bytes, secret: bytes, team: bytes, inviter: bytes) -> Offer:
    associated = b"sync/v1/offer\0" + team[:16]
    reader = Reader(box)
    nonce, sealed = reader.take(12), reader.rest()
    offer = decode_offer(unpadded(unseal(derive(secret, "sync/v1/offer-key"), nonce, associated, sealed), LEAST_RECORD))
    require(device_id(offer.keys[:32], offer.keys[32:]) == inviter, "the code's inviter")
    return offer


@dataclass(frozen=True)
class JoinRequest:
    name: str
    keys: bytes
    possession: bytes
    answer_secret: bytes

    def encoded(self) -> bytes:
        return b"\x01" + text(self.name) + self.keys + self.possession + self.answer_secret


def decode_request(data: bytes) -> JoinRequest:
    reader = Reader(data)
    reader.version()
    request = JoinRequest(reader.text(LONGEST_NAME), read_keys(reader), reader.take(64), reader.take(16))
    verify(request.keys[:32], request.possession, "sync/v1/possession", request.keys)
    reader.end()
    return request


def seal_request(envelope: bytes, secret: bytes, team: bytes, nonce: bytes) -> bytes:
    """`envelope`: the padded request, sealed to whoever invites."""
    associated = b"sync/v1/request-box\0" + team[:16]
    return nonce + seal(derive(secret, "sync/v1/request-key"), nonce, associated, envelope)


def request_digest(request: bytes) -> bytes:
    return hashed("sync/v1/request-digest", request)


WELCOMED, DECLINED, TAKEN = 1, 2, 3


def sign_answer(request: bytes, outcome: int, seed: bytes, welcome: bytes = b"", relay: str = "") -> bytes:
    data = b"\x01" + request_digest(request) + bytes([outcome])
    if outcome == WELCOMED:
        data += sized(welcome) + text(relay)
    return data + sign(seed, "sync/v1/answer-sign", data)


def check_answer(data: bytes, request: bytes, key: bytes) -> int:
    """The outcome of an answer to `request`, by the device of `key`."""
    reader = Reader(data)
    reader.version()
    require(reader.take(32) == request_digest(request), "request")
    outcome = reader.u8()
    require(outcome in (WELCOMED, DECLINED, TAKEN), "outcome")
    if outcome == WELCOMED:
        decode_welcome(reader.sized(LARGEST_WELCOME))
        reader.text(LONGEST_URL)
    signature = reader.take(64)
    reader.end()
    verify(key, signature, "sync/v1/answer-sign", data[:-64])
    return outcome


def request_file(request: bytes) -> bytes:
    data = b"SYNCASK1" + sized(request)
    return data + hashlib.sha256(data).digest()


def read_request_file(data: bytes) -> JoinRequest:
    require(data[:8] == b"SYNCASK1", "kind of file")
    require(hashlib.sha256(data[:-32]).digest() == data[-32:], "checksum")
    reader = Reader(data[8:-32])
    request = decode_request(reader.sized(4_096))
    reader.end()
    return request


def spoken_words(hash_: bytes, count: int, word_list: list[str]) -> list[str]:
    stretched = hashlib.scrypt(hash_, salt=b"sync/v1/words", n=1 << 14, r=8, p=1, maxmem=64 << 20, dklen=(count * 11 + 7) // 8)
    number = int.from_bytes(stretched) >> len(stretched) * 8 - count * 11
    return [word_list[number >> 11 * place & 2047] for place in reversed(range(count))]


def asked_words(secret: bytes, team: bytes, inviter: bytes, joiner: bytes, word_list: list[str]) -> list[str]:
    return spoken_words(hashed("sync/v1/asked-words", secret, team[:16], inviter, joiner), 4, word_list)


def request_words(joiner: bytes, word_list: list[str]) -> list[str]:
    return spoken_words(hashed("sync/v1/request-words", joiner), 6, word_list)


def answer_words(team: bytes, inviter: bytes, joiner: bytes, word_list: list[str]) -> list[str]:
    return spoken_words(hashed("sync/v1/answer-words", team, inviter, joiner), 6, word_list)
