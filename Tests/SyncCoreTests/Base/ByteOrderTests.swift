import Testing

@testable import SyncCore

@Suite struct ByteOrderTests {
    /// What `String ==` gets wrong for us: equal to it, different on disk.
    @Test func composedAndDecomposedDiffer() {
        let (composed, decomposed) = ("\u{e9}", "e\u{301}")
        #expect(composed == decomposed)
        #expect(!ByteOrder.same(composed, decomposed))
        #expect(ByteOrder.precedes(decomposed, composed))
        #expect(!ByteOrder.precedes(composed, decomposed))
        #expect(Value.text(composed) != Value.text(decomposed))
    }

    @Test func aBeginningStandsFirst() {
        #expect(ByteOrder.precedes("a", "aa"))
        #expect(!ByteOrder.precedes("aa", "a"))
        #expect(!ByteOrder.precedes("a", "a"))
        #expect(ByteOrder.precedes([0x7f], [0x80] as [UInt8]))
        #expect(ByteOrder.same("", ""))
    }
}
