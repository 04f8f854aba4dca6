/// What lets one think that a device's store is in two places: it may be in other hands.
public struct CopySign: Hashable, Sendable {
    public enum Kind: Int, Hashable, Sendable {
        /// It goes on as another incarnation: restored from a backup, copied, or only moved.
        case renewed = 1
        /// Two stores wrote in its name at one time. There is no other way to that.
        case usedTwice = 2
    }

    public var device: DeviceID
    public var kind: Kind
    /// By the clock here, in milliseconds since 1970.
    public var noticed: Int64
}
