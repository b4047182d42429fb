import Observations
import Quantities

/// What two files say of the soundings that both hold: a digest of every number that a sounding brings into a result,
/// 16 bytes a sounding.
public struct SoundingContents: Sendable {
    /// Ascending.
    private let ids: [UInt64]
    /// 0 for soundings that have not come.
    private var digests: [UInt64]

    /// - Parameter ids: of the soundings compared; others are not looked at.
    public init(of ids: Set<UInt64>) {
        self.ids = ids.sorted()
        digests = [UInt64](repeating: 0, count: ids.count)
    }

    /// Adds the soundings of a block that have a place on the grid: of each identifier the first, as it is the first
    /// that counts.
    public mutating func add(_ block: PlacedBlock) {
        guard !ids.isEmpty, !block.batch.ids.isEmpty else { return }
        for sounding in block.soundings {
            let index = Int(sounding)
            guard let place = place(of: block.batch.ids[index]), digests[place] == 0 else { continue }
            digests[place] = block.batch.digest(index)
        }
    }

    /// How many of the soundings that both hold are not the same in every number.
    ///
    /// - Precondition: the identifiers of the other are among these.
    public func differing(from other: SoundingContents) -> Int {
        var count = 0
        for (index, id) in other.ids.enumerated() {
            guard let place = place(of: id) else { continue }
            let (mine, theirs) = (digests[place], other.digests[index])
            if mine != 0, theirs != 0, mine != theirs { count += 1 }
        }
        return count
    }

    private func place(of id: UInt64) -> Int? {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }
}

extension SoundingBatch {
    /// Of all numbers of a sounding, never 0.
    fileprivate func digest(_ index: Int) -> UInt64 {
        var digest = NumberDigest()
        digest.add(UInt64(bitPattern: times[index].microseconds))
        for values in [longitudes, latitudes, columns, uncertainties, priorColumns] {
            if !values.isEmpty { digest.add(values[index]) }
        }
        for corners in [cornerLongitudes, cornerLatitudes] where !corners.isEmpty {
            for value in corners[(4 * index)..<(4 * index + 4)] { digest.add(value) }
        }
        for profiles in [averagingKernels, pressureWeights, priorProfiles] where !profiles.isEmpty {
            for value in profiles[(index * levels)..<((index + 1) * levels)] { digest.add(value) }
        }
        if !pressures.isEmpty {
            for value in pressures[(index * pressureCount)..<((index + 1) * pressureCount)] {
                digest.add(value)
            }
        }
        if !footprints.isEmpty { digest.add(UInt64(footprints[index])) }
        return digest.value
    }
}

/// A digest of 64 bits: two that differ in their numbers agree once in 2^64.
private struct NumberDigest {
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// Zeros of either sign are one, and so is all that is no number.
    mutating func add(_ number: Double) { add(number.isNaN ? UInt64.max : (number + 0).bitPattern) }

    /// The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which turns every bit into about half of the others.
    mutating func add(_ word: UInt64) {
        state = (state ^ word) &+ 0x9e37_79b9_7f4a_7c15
        state = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        state = (state ^ (state >> 27)) &* 0x94d0_49bb_1331_11eb
        state ^= state >> 31
    }

    var value: UInt64 { max(state, 1) }
}
