#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The only place that prints: data to standard output, talk to standard error.
final class Output {
    enum Mode { case text, plain, json }

    let mode: Mode
    let isQuiet: Bool
    let isVerbose: Bool
    /// Columns to fit into; nil where output goes into a file or another program.
    let width: Int?
    private let data: OutputStream
    private let talk: OutputStream
    private var pending: [UInt8] = []

    init(mode: Mode, isQuiet: Bool, isVerbose: Bool, width: Int?, data: OutputStream, talk: OutputStream) {
        self.mode = mode
        self.isQuiet = isQuiet
        self.isVerbose = isVerbose
        self.width = width
        self.data = data
        self.talk = talk
    }

    /// Whether a person sees what goes to standard error: only then is there progress.
    var isTalkOnTerminal: Bool { talk.isTerminal }

    var isDataColoured: Bool { data.hasColour }

    // MARK: Data

    /// A line of data, broken where it would not fit; `indent` is for the lines after the first.
    func line(_ line: Line, indent: Int = 8) {
        guard let width, mode == .text else { return bytes(data.text(of: line) + "\n") }
        for part in line.wrapped(columns: width, indent: indent) { bytes(data.text(of: part) + "\n") }
    }

    func table(_ table: Table) {
        let lines = mode == .plain ? table.plainLines : table.lines(width: width)
        for line in lines { bytes(data.text(of: line) + "\n") }
    }

    func json(_ type: String, _ members: [(String, JSON)]) { bytes(JSON.line(type, members).text + "\n") }

    private func bytes(_ text: String) { raw(Array(text.utf8)) }

    /// Bytes as they are: an export.
    func raw(_ bytes: [UInt8]) {
        pending += bytes
        if pending.count > 1 << 16 { flush() }
    }

    func flush() {
        guard !pending.isEmpty else { return }
        data.write(pending)
        pending.removeAll(keepingCapacity: true)
    }

    // MARK: Talk

    /// What a person may want to know; not with `--quiet`, and not beside JSON.
    func say(_ line: Line) {
        if !isQuiet, mode != .json { tell(line) }
    }

    /// What came of the command otherwise than somebody may have meant: programs are told too.
    func note(_ text: String) {
        if mode == .json { tellJSON(JSON.line("note", [("message", .string(text))])) } else { say(Line(text)) }
    }

    /// What only `--verbose` wants to know.
    func detail(_ line: Line) {
        if isVerbose { tell(line) }
    }

    /// What must be said in any case.
    func tell(_ line: Line) {
        flush()
        guard let width else { return talk.write(Array((talk.text(of: line) + "\n").utf8)) }
        for part in line.wrapped(columns: width, indent: 2) { talk.write(Array((talk.text(of: part) + "\n").utf8)) }
    }

    /// One JSON object on standard error.
    func tellJSON(_ json: JSON) {
        flush()
        talk.write(Array((json.text + "\n").utf8))
    }

    /// A question without an end of line.
    func ask(_ line: Line) {
        flush()
        talk.write(Array(talk.text(of: line).utf8))
    }

    /// A line that the next one overwrites; only on a terminal.
    func progress(_ line: Line) {
        guard talk.isTerminal, !isQuiet, mode == .text else { return }
        talk.write(Array(("\r\u{1B}[2K" + talk.text(of: line.truncated(to: (width ?? 80) - 1))).utf8))
    }

    func endProgress() {
        guard talk.isTerminal, !isQuiet, mode == .text else { return }
        talk.write(Array("\r\u{1B}[2K".utf8))
    }
}
