import Foundation
import Testing

@testable import SyncCore

/// One node of a file in `Tests/Vectors`. What is not there is null, and a null gives no bytes, so that a vector that lost a field
/// fails and does not pass unread.
enum Vector: Decodable, Sendable {
    case null
    case flag(Bool)
    case natural(UInt64)
    case negative(Int64)
    case string(String)
    case list([Vector])
    case fields([String: Vector])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([String: Vector].self) {
            self = .fields(value)
        } else if let value = try? container.decode([Vector].self) {
            self = .list(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .natural(value)
        } else {
            self = .negative(try container.decode(Int64.self))
        }
    }

    /// Every file of `Tests/Vectors`, read once.
    private static let files: [String: Vector] = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = tests.appendingPathComponent("Vectors")
        let found = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (found ?? []).reduce(into: [:]) { files, file in
            guard file.pathExtension == "json", let data = try? Data(contentsOf: file) else { return }
            files[file.deletingPathExtension().lastPathComponent] = try? JSONDecoder().decode(Vector.self, from: data)
        }
    }()

    /// The whole of `Tests/Vectors/name.json`.
    static func file(_ name: String) throws -> Vector {
        guard let file = files[name] else { throw WrongVector(node: .string(name)) }
        return file
    }

    /// The vectors under one key of a file; never none.
    static func list(_ name: String, _ key: String) -> [Vector] {
        let found = (try? file(name))?[key].list ?? []
        return found.isEmpty ? [.null] : found
    }

    subscript(_ key: String) -> Vector {
        if case .fields(let fields) = self { fields[key] ?? .null } else { .null }
    }

    var list: [Vector]? {
        if case .list(let list) = self { list } else { nil }
    }

    var isNull: Bool {
        if case .null = self { true } else { false }
    }

    func text() throws -> String {
        guard case .string(let text) = self else { throw WrongVector(node: self) }
        return text
    }

    func items() throws -> [Vector] {
        guard case .list(let list) = self else { throw WrongVector(node: self) }
        return list
    }

    func bytes() throws -> [UInt8] {
        guard let bytes = Hex.decode(try text()) else { throw WrongVector(node: self) }
        return bytes
    }

    /// Nil where the vector says null.
    func optional<T>(_ read: (Vector) throws -> T) rethrows -> T? { isNull ? nil : try read(self) }

    func natural() throws -> UInt64 {
        switch self {
        case .natural(let value): return value
        case .string(let text): if let value = UInt64(text) { return value }
        default: break
        }
        throw WrongVector(node: self)
    }

    func integer() throws -> Int64 {
        switch self {
        case .natural(let value): if let value = Int64(exactly: value) { return value }
        case .negative(let value): return value
        case .string(let text): if let value = Int64(text) { return value }
        default: break
        }
        throw WrongVector(node: self)
    }

    func hash() throws -> Hash32 { try #require(Hash32(try bytes())) }
    func secret() throws -> Secret { try #require(Secret(try bytes())) }
    func id<ID: Identifier16>(_ type: ID.Type = ID.self) throws -> ID { try #require(ID(hex: try text())) }
    func word() throws -> UInt64 {
        let bytes = try bytes()
        try #require(bytes.count == 8)
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

struct WrongVector: Error {
    var node: Vector
}

extension Vector: CustomTestStringConvertible {
    var testDescription: String {
        (try? self["name"].text()) ?? (try? self["bytes"].text()).map { String($0.prefix(32)) } ?? "vector"
    }
}

extension Vector {
    func value() throws -> Value {
        if !self["nothing"].isNull { return .nothing }
        if let text = try self["text"].optional({ try $0.text() }) { return .text(text) }
        if let number = try self["integer"].optional({ try $0.integer() }) { return .integer(number) }
        if let bytes = try self["bytes"].optional({ try $0.bytes() }) { return .bytes(bytes) }
        return .tuple(
            try self["tuple"].items().map {
                Value.Part(try #require(UInt32(exactly: try $0["part"].natural())), try $0["value"].value())
            })
    }

    func changeName() throws -> ChangeName {
        ChangeName(author: try self["author"].id(), seq: try self["seq"].natural(), mark: try self["mark"].word())
    }

    func operation() throws -> SyncCore.Operation {
        SyncCore.Operation(
            .init(rawValue: try #require(UInt32(exactly: try self["code"].natural()))),
            record: try self["record"].optional { .id(try $0.id()) } ?? .named,
            field: try #require(UInt32(exactly: try self["field"].natural())),
            key: try self["key"].optional { ItemKey(try $0.word()) },
            names: try self["names"].items().map {
                WriteName(
                    change: try $0.changeName(),
                    operation: try #require(UInt32(exactly: try $0["operation"].natural())))
            },
            value: try self["value"].optional { try $0.value() })
    }

    func change() throws -> Change {
        Change(
            name: try changeName(), previousMark: try self["previous"].optional { try $0.word() },
            wall: try self["wall"].integer(),
            dependencies: try self["deps"].items().map {
                .init(name: try $0.changeName(), epoch: try $0["epoch"].id())
            },
            operations: try self["operations"].items().map { try $0.operation() })
    }
}

/// A refused vector must throw, and throw what decoders throw.
func expectRefused(_ vector: Vector, _ decode: ([UInt8]) throws -> Void) throws {
    let bytes = try vector["bytes"].bytes()
    #expect(throws: (any Error).self) { try decode(bytes) }
}

/// Reads exactly what `read` reads.
func whole<T>(_ bytes: [UInt8], _ read: (inout ByteReader) throws -> T) throws -> T {
    var reader = ByteReader(bytes)
    let value = try read(&reader)
    try reader.end()
    return value
}

func written(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    write(&writer)
    return writer.bytes
}
