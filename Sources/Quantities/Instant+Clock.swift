import Foundation

extension Instant {
    /// The time of the computer's clock.
    public static func now() -> Instant {
        Instant(secondsSince1970: Date().timeIntervalSince1970) ?? Instant(microseconds: 0)
    }
}
