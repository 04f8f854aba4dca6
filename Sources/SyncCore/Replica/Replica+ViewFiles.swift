/// How much of the log a view in memory has beyond the image it was loaded from: what every process applies again.
struct ViewTail {
    /// In single edits, roughly.
    private(set) var weight = 0
    var imageBytes = 0

    mutating func add(changes: Int, operations: Int) { weight += changes + operations / 16 }

    /// Applying a tail again takes every process about as long as writing an image of 1 MiB for each edit of it takes one.
    var isLong: Bool { weight >= 16 + imageBytes >> 20 }
}

extension Replica {
    /// The view, opened on first use; made anew where it is of another version, damaged, or gone. The caller holds the lock if it may
    /// have to be made.
    func view() throws -> ViewStore {
        if let openedView { return openedView }
        let view = isSealed ? try viewInMemory() : try viewOnDisk()
        openedView = view
        return view
    }

    /// Whether there is a view to look at without making one.
    var hasView: Bool { isSealed || FileSystem.exists(paths.view) }

    private func viewOnDisk() throws -> ViewStore {
        do {
            return try ViewStore(path: paths.view, layout: viewRows.layout, version: viewRows.version)
        } catch is ViewStore.Outdated {
            removeViewFiles()
            return try ViewStore(path: paths.view, layout: viewRows.layout, version: viewRows.version)
        }
    }

    private func viewInMemory() throws -> ViewStore {
        let image = try image().load()
        tail = ViewTail(imageBytes: image?.count ?? 0)
        return try ViewStore(memory: image, layout: viewRows.layout, version: viewRows.version)
    }

    /// Nothing reads it any more.
    func closeView() throws {
        try openedView?.close()
        openedView = nil
    }

    func dropView() {
        openedView = nil
        removeViewFiles()
    }

    private static let viewSuffixes = ["", "-wal", "-shm"]

    private func removeViewFiles() {
        guard !isSealed else { return FileSystem.remove(paths.image) }
        for suffix in Self.viewSuffixes { FileSystem.remove(paths.view + suffix) }
    }

    // MARK: The view while a new one is made

    /// Makes the view anew by `make`; where that throws, the old one comes back.
    func replaceView(_ make: () throws -> Void) throws {
        guard !isSealed else { return try replaceViewInMemory(make) }
        openedView = nil
        for suffix in Self.viewSuffixes { FileSystem.rename(paths.view + suffix, to: paths.oldView + suffix) }
        do {
            try make()
        } catch {
            dropView()
            for suffix in Self.viewSuffixes { FileSystem.rename(paths.oldView + suffix, to: paths.view + suffix) }
            throw error
        }
        for suffix in Self.viewSuffixes { FileSystem.remove(paths.oldView + suffix) }
    }

    private func replaceViewInMemory(_ make: () throws -> Void) throws {
        let old = (openedView, tail)
        tail = ViewTail()
        openedView = try ViewStore(memory: nil, layout: viewRows.layout, version: viewRows.version)
        do {
            try make()
            try writeImage()
        } catch {
            (openedView, tail) = old
            throw error
        }
    }
}

// MARK: The image of a view in memory

extension Replica {
    private func image() throws -> ViewImage {
        let id = try log.read { try $0.setting(Setting.logID) }
        return ViewImage(path: paths.image, key: storeKey, logID: id ?? [], version: viewRows.version)
    }

    /// Leaves behind what the next process would have to read or apply again, where that is much. Call it when a command's work is done;
    /// failing loses nothing.
    public func tidyUp() {
        guard let openedView, let lock = StoreLock(ifFreeAt: paths.lock) else { return }
        // Another process that works on this store will do it.
        withExtendedLifetime(lock) {
            try? log.settle()
            if !isSealed { try? openedView.settle() } else if tail.isLong { try? writeImage() }
        }
    }

    /// The caller holds the lock.
    func writeImage() throws {
        let (image, view) = (try image(), try view())
        let position = try view.read { try Self.position($0) }
        // A later one is never replaced, unless it only says so.
        if image.storedPosition ?? 0 > position, try image.isUsable() { return }
        let count = try view.withBytes { bytes in
            try image.write(bytes, position: position, salt: surroundings.random(32))
            return bytes.count
        }
        tail = ViewTail(imageBytes: count)
    }
}
