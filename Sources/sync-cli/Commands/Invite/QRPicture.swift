#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import SyncCore

/// A text as a QR code for a terminal: two rows of it in one line of half blocks, with the quiet zone that readers need.
struct QRPicture {
    /// In modules, on each side.
    private static let quiet = 4

    private let width: Int
    private let isDark: [Bool]

    /// - Throws: `failure` for a text that no QR code holds, and where the library is not installed.
    init(_ text: String) throws {
        let library = try QREncode()
        guard let code = library.encode(text, 0, QREncode.lowestCorrection, QREncode.eightBit, 1) else {
            throw SyncError(.failure, "This text is too long for a picture.", safe: Failure.unchanged)
        }
        defer { library.free(code) }
        let fields = code.assumingMemoryBound(to: QREncode.Code.self).pointee
        let data = UnsafeBufferPointer(start: fields.data, count: Int(fields.width * fields.width))
        width = Int(fields.width)
        isDark = data.map { $0 & 1 == 1 }
    }

    /// Throws where no picture can be made here.
    static func requireLibrary() throws { _ = try QREncode() }

    var columns: Int { width + 2 * Self.quiet }

    /// Whether a module is dark; what lies outside is not.
    func isDark(_ row: Int, _ column: Int) -> Bool {
        guard (0..<width).contains(row), (0..<width).contains(column) else { return false }
        return isDark[row * width + column]
    }

    /// In colour both are set, black on white, whatever the terminal's own are; without, light modules are the blocks, as on a dark terminal.
    func text(inColour: Bool) -> String {
        var out = ""
        for row in stride(from: -Self.quiet, to: width + Self.quiet, by: 2) {
            if inColour { out += "\u{1B}[30;107m" }
            for column in -Self.quiet..<(width + Self.quiet) {
                let (upper, lower) = (isDark(row, column) == inColour, isDark(row + 1, column) == inColour)
                out += upper ? lower ? "█" : "▀" : lower ? "▄" : " "
            }
            out += inColour ? "\u{1B}[0m\n" : "\n"
        }
        return out
    }
}

/// libqrencode (Kentaro Fukuchi), loaded when a picture is asked for: no command starts later for it, and nobody has to install it who wants none.
/// It chooses by itself what takes the least room; capital letters, digits and hyphens take five and a half bits each.
private struct QREncode {
    /// Of `qrencode.h`: `QRcode`.
    struct Code {
        var version: CInt
        var width: CInt
        var data: UnsafePointer<UInt8>
    }

    static let lowestCorrection: CInt = 0
    static let eightBit: CInt = 2

    let encode: @convention(c) (UnsafePointer<CChar>, CInt, CInt, CInt, CInt) -> UnsafeMutableRawPointer?
    let free: @convention(c) (UnsafeMutableRawPointer) -> Void

    private static let names = ["libqrencode.so.4", "libqrencode.4.dylib", "/opt/homebrew/lib/libqrencode.4.dylib", "/usr/local/lib/libqrencode.4.dylib"]

    init() throws {
        guard let library = Self.names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
            let encode = dlsym(library, "QRcode_encodeString"), let free = dlsym(library, "QRcode_free")
        else {
            throw SyncError(
                .failure, "Pictures need libqrencode, which is not installed here.", safe: Failure.unchanged,
                next: "Install it (apt install libqrencode4, or brew install qrencode), or leave out --qr: the code is the same.")
        }
        self.encode = unsafeBitCast(encode, to: (@convention(c) (UnsafePointer<CChar>, CInt, CInt, CInt, CInt) -> UnsafeMutableRawPointer?).self)
        self.free = unsafeBitCast(free, to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)
    }
}
