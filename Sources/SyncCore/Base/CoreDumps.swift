#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps what is in memory from being written to a file when the process dies.
enum CoreDumps {
    /// From now on this process leaves no core file, and, where the system knows of it, no other process of its user may look into it. Cannot
    /// be taken back.
    static func forbid() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Glibc)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // A collector to which the kernel pipes core files does not heed that limit. `prctl` takes a varying number of arguments, so that it
        // cannot be called by its name.
        typealias Prctl = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        if let found = dlsym(nil, "prctl") { _ = unsafeBitCast(found, to: Prctl.self)(4, 0, 0, 0, 0) }
        #else
        setrlimit(RLIMIT_CORE, &none)
        #endif
    }
}
