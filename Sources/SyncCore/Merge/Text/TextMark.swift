/// What a live write of a text says beside its value, once the text was edited.
public struct TextMark: Hashable, Sendable {
    /// The value that the text began with: live writes that have it in common are one text, and have one value.
    public var root: Hash32
    /// Two who knew nothing of each other replaced the same words.
    public var isContested = false
    /// Something that does not count was edited on: what is saved next begins a new text.
    public var isAbridged = false
    /// What two wrote alike is shown once: the next edit is placed by `TextReplay.placed`.
    public var hasTwins = false
}

extension Write {
    /// Of a text: what it began with.
    var textRoot: Hash32 {
        if let text { return text.root }
        if isFirst { return Digest.plain([0] + value.encoded) }
        var writer = ByteWriter()
        writer.u8(1)
        stamp.write.change.append(to: &writer)
        writer.varint(UInt64(stamp.write.operation))
        return Digest.plain(writer.bytes)
    }
}
