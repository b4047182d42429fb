public import Quantities

/// A picture that cannot be written or read.
public struct GeoTIFFError: Fault, Equatable {
    public let path: String
    public let reason: String
    public let isOfReading: Bool

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
        isOfReading = false
    }

    /// A picture that was to be read.
    public init(path: String, reading reason: String) {
        self.path = path
        self.reason = reason
        isOfReading = true
    }

    public var exitStatus: ExitStatus { isOfReading ? .badData : .inputOutput }
    public var what: String { "cannot \(isOfReading ? "read" : "write") GeoTIFF (\(reason))" }
    public var place: String { path }

    public var remedy: String {
        isOfReading
            ? "check that it is a whole GeoTIFF of numbers"
            : "check the folder, its permissions and the free space"
    }
}
