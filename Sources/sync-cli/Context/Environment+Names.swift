#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Environment {
    /// Variables that are set, in order.
    func names(beginningWith prefix: String) -> [String] {
        (variables ?? ProcessInfo.processInfo.environment).keys.filter { $0.hasPrefix(prefix) && self[$0] != nil }.sorted()
    }
}
