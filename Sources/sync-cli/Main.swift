import ArgumentParser
@main struct Sync: ParsableCommand { mutating func run() throws {} }
