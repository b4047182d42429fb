/// Which soundings a file gave, and of what product: 1 or 2 bytes for each.
public struct SoundingOrigin: Sendable {
    public let ids: SoundingIDs
    public let products: Set<String>
    public let platforms: Set<String>
    public let builds: Set<String>

    /// The identifiers that both files gave, when they are of the same platform, in whatever build; cheap unless the
    /// ranges overlap.
    public func shared(with other: SoundingOrigin) -> [UInt64] {
        // Where no platform is stated the product has to do, or any two files numbered from one would share.
        guard platforms == other.platforms, !platforms.isEmpty || products == other.products else {
            return []
        }
        return ids.shared(with: other.ids)
    }

    /// Whether both are of one build of one product, so that the same identifier means the same numbers.
    public func isSameBuild(as other: SoundingOrigin) -> Bool {
        builds == other.builds && products == other.products
    }
}
