/// Keys of stores that were unlocked for a while: in folders that are in memory, for this user alone. Nothing is ever written to a disk
/// where another place is at hand.
///
/// A key whose time is over is destroyed by whatever command looks for it next; until then it lies where it was.
public struct KeyCache: Sendable {
    /// Where a key may be.
    public struct Place: Sendable {
        let path: String
        /// Whether somebody said that keys go here: then they do, also where it is a disk.
        let isChosen: Bool

        public init(_ path: String, isChosen: Bool) {
            self.path = path
            self.isChosen = isChosen
        }
    }

    private let places: [Place]
    private let surroundings: Surroundings

    /// Places in the order in which they are tried. The folder that holds a place must be there.
    public init(_ places: [Place], surroundings: Surroundings) {
        self.places = places
        self.surroundings = surroundings
    }

    private struct Entry {
        static let magic = Array("sync-unlocked".utf8)
        static let version: UInt8 = 1
        static let limit = 256

        var edition: Edition
        /// In milliseconds since 1970. A clock that was set back does not make the time longer.
        var from: Int64
        var until: Int64
        var key: StoreKey

        var bytes: [UInt8] {
            var writer = ByteWriter(capacity: Self.limit)
            writer.raw(Self.magic)
            writer.u8(Self.version)
            writer.raw(edition.bytes)
            writer.zig(from)
            writer.zig(until)
            writer.raw(key.secret.bytes)
            return writer.bytes
        }

        init(edition: Edition, from: Int64, until: Int64, key: StoreKey) {
            (self.edition, self.from, self.until, self.key) = (edition, from, until, key)
        }

        init?(_ bytes: [UInt8]) {
            var reader = ByteReader(bytes)
            guard (try? reader.raw(Self.magic.count)).map(Array.init) == Self.magic, (try? reader.u8()) == Self.version,
                let edition = (try? reader.raw(Edition.length)).flatMap({ Edition($0) }), let from = try? reader.zig(),
                let until = try? reader.zig(), let secret = try? reader.secret(), reader.isAtEnd
            else { return nil }
            self.init(edition: edition, from: from, until: until, key: StoreKey(secret))
        }
    }

    private static func name(_ folder: String) -> String {
        let path = FileSystem.resolved(folder) ?? folder
        return Digest.hash("sync/v1/unlocked", Array(path.utf8)).hex.prefix(32) + ".key"
    }

    // MARK: Remember

    /// Where a key was put.
    public struct Kept: Sendable {
        public let place: String
        /// In milliseconds since 1970.
        public let until: Int64
        /// False where the place may be on a disk.
        public let isInMemory: Bool
    }

    /// Keeps a store's key for so many milliseconds.
    ///
    /// - Throws: `failure` where there is no place that is safe.
    public func keep(_ key: StoreKey, of store: LockedStore, milliseconds: Int64) throws -> Kept {
        let now = surroundings.now()
        let entry = Entry(edition: store.edition, from: now, until: now + milliseconds, key: key)
        _ = forget(store.paths.folder)
        for place in places {
            guard let folder = PrivateFolder(place.path, isMade: true) else { continue }
            let isInMemory = folder.isInMemory
            guard isInMemory || place.isChosen, folder.write(entry.bytes, to: Self.name(store.paths.folder)) else { continue }
            return Kept(place: place.path, until: entry.until, isInMemory: isInMemory)
        }
        throw SyncError(
            .failure, "There is no folder in memory that is yours alone, and a key is not written to a disk.",
            safe: "The store stays locked.",
            next: "Set XDG_RUNTIME_DIR to such a folder, or name a file that holds the passphrase with each command:  --passphrase-file FILE.")
    }

    // MARK: Look up

    /// The key of a store that is unlocked, and until when; nil where its time is over, or where the store got another key since.
    public func find(_ store: LockedStore) -> (key: StoreKey, until: Int64)? {
        let (name, now) = (Self.name(store.paths.folder), surroundings.now())
        for place in places {
            guard let folder = PrivateFolder(place.path, isMade: false), let bytes = folder.read(name, limit: Entry.limit) else { continue }
            if let entry = Entry(bytes), entry.edition == store.edition, entry.from <= now, now < entry.until {
                return (entry.key, entry.until)
            }
            folder.destroy(name)
        }
        return nil
    }

    /// Destroys what is kept for the store in a folder; false where nothing was.
    public func forget(_ folder: String) -> Bool {
        let name = Self.name(folder)
        return places.reduce(false) { found, place in
            PrivateFolder(place.path, isMade: false)?.destroy(name) ?? false || found
        }
    }
}
