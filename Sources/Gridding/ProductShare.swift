/// How many soundings of a result one product gave.
public struct ProductShare: Hashable, Codable, Sendable {
    public let product: String
    /// `OCO-2`; empty where the file does not tell.
    public let platform: String
    public let soundings: Int

    public init(product: String, platform: String, soundings: Int) {
        self.product = product
        self.platform = platform
        self.soundings = soundings
    }

    /// The shares of each product put together, by name; those without soundings are left out.
    public static func merged(_ shares: [ProductShare]) -> [ProductShare] {
        var counts: [[String]: Int] = [:]
        for share in shares where share.soundings > 0 {
            counts[[share.product, share.platform], default: 0] += share.soundings
        }
        return counts.map { ProductShare(product: $0.key[0], platform: $0.key[1], soundings: $0.value) }
            .sorted { ($0.product, $0.platform) < ($1.product, $1.platform) }
    }

    /// What a reader of means over several products must know; nil for one product.
    public static func remark(_ shares: [ProductShare]) -> String? {
        guard shares.count > 1 else { return nil }
        let platforms = Set(shares.map(\.platform)).filter { !$0.isEmpty }
        let what = platforms.count > 1 ? "instruments" : "products"
        return "soundings of several \(what) are averaged as they are; biases between them are not removed"
    }

    /// `OCO-2 Lite B11 (600 soundings)`.
    public var text: String { "\(product) (\(soundings) sounding\(soundings == 1 ? "" : "s"))" }
}
