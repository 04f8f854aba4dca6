import Testing

@testable import SyncCore

@Suite struct HexTests {
    @Test func everyByteComesBack() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes).uppercased()) == bytes)
        #expect(Hex.encode([0, 0x0f, 0xf0]) == "000ff0")
    }

    @Test(arguments: ["0", "000", "0g", "g0", " 00", "0x00", "+1", "００"])
    func refused(_ text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
