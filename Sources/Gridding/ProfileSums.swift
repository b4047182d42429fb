import Observations

/// The sums over profiles of the filled cells of one window, by slot.
///
/// Exact as ``FixedPointSum``, in half the memory: see ``ProfileLayout/fractionBits(_:)`` and ``ProfilePage``. Kept in
/// pages, as one array that grows would for a moment hold the profiles of a fine grid three times.
struct ProfileSums: Sendable {
    let layout: ProfileLayout
    private var pages: [ProfilePage] = []
    /// Of one contribution, kept to spare an allocation for each.
    private var terms: [Int64]

    private static let pageBits = 6
    private static let pageSize = 1 << pageBits
    /// Terms in their units below this are added as 64 bits.
    private static let largestShortTerm = 0x1p61

    init(_ layout: ProfileLayout) {
        self.layout = layout
        terms = Array(repeating: 0, count: layout.stride)
    }

    /// Makes room for a slot; slots come in order.
    mutating func append(_ slot: Int) {
        guard layout.stride > 0, slot & (Self.pageSize - 1) == 0 else { return }
        pages.append(ProfilePage(count: Self.pageSize * layout.stride))
    }

    /// Adds the operator of a sounding to a cell.
    mutating func add(_ batch: borrowing SoundingBatch, _ index: Int, weight: Double, slot: Int) {
        if setTerms(batch, index, weight: weight) <= Self.largestShortTerm {
            let start = start(slot)
            pages[slot >> Self.pageBits].add(terms, at: start)
        } else {
            addLong(batch, index, weight: weight, slot: slot)
        }
    }

    /// - Returns: the largest in its units without its sign; the terms are of no use when it is not short.
    private mutating func setTerms(_ batch: borrowing SoundingBatch, _ index: Int, weight w: Double) -> Double
    {
        let levels = layout.levels
        let profile = (index * levels)..<((index + 1) * levels)
        let weights = batch.pressureWeights.span.extracting(profile)
        let kernels = batch.averagingKernels.span.extracting(profile)
        let priors = batch.priorProfiles.span.extracting(profile)
        let count = layout.pressures
        let pressures = batch.pressures.span.extracting((index * count)..<((index + 1) * count))
        var terms = terms.mutableSpan
        var largest = 0.0
        for level in 0..<levels {
            let weighted = w * weights[level]
            let kernel = weighted * kernels[level]
            let prior = kernel * priors[level]
            terms[level] = wholeNumber(weighted * 0x1p56, &largest)
            terms[levels + level] = wholeNumber(kernel * 0x1p56, &largest)
            terms[2 * levels + level] = wholeNumber(prior * 0x1p50, &largest)
        }
        for pressure in 0..<count {
            terms[3 * levels + pressure] = wholeNumber(w * pressures[pressure] * 0x1p44, &largest)
        }
        return largest
    }

    private mutating func addLong(
        _ batch: borrowing SoundingBatch,
        _ index: Int,
        weight w: Double,
        slot: Int
    ) {
        for level in 0..<layout.levels {
            let element = index * layout.levels + level
            let weighted = w * batch.pressureWeights[element]
            let kernel = weighted * batch.averagingKernels[element]
            addLong(weighted, slot, layout.weight(level))
            addLong(kernel, slot, layout.kernel(level))
            addLong(kernel * batch.priorProfiles[element], slot, layout.prior(level))
        }
        for pressure in 0..<layout.pressures {
            let value = batch.pressures[index * layout.pressures + pressure]
            addLong(w * value, slot, layout.pressure(pressure))
        }
    }

    private mutating func addLong(_ term: Double, _ slot: Int, _ place: Int) {
        let units = FixedPointSum(term).units &>> shift(place)
        let place = start(slot) + place
        pages[slot >> Self.pageBits][place] &+= units
    }

    /// Adds the sums of a slot of another window.
    mutating func add(_ other: borrowing ProfileSums, slot otherSlot: Int, to slot: Int) {
        guard layout.stride > 0 else { return }
        let (count, source, target) = (layout.stride, start(otherSlot), start(slot))
        pages[slot >> Self.pageBits].add(
            other.pages[otherSlot >> Self.pageBits],
            from: source,
            count: count,
            at: target
        )
    }

    /// One of the sums of a slot, with the digits of a ``FixedPointSum``.
    subscript(_ slot: Int, _ place: Int) -> FixedPointSum {
        get {
            FixedPointSum(units: pages[slot >> Self.pageBits][start(slot) + place] &<< shift(place))
        }
        set {
            let (units, place) = (newValue.units &>> shift(place), start(slot) + place)
            pages[slot >> Self.pageBits][place] = units
        }
    }

    private func start(_ slot: Int) -> Int { (slot & (Self.pageSize - 1)) * layout.stride }

    private func shift(_ place: Int) -> Int128 {
        Int128(FixedPointSum.fractionBits - layout.fractionBits(place))
    }
}

/// The nearest whole number of one below 2^61, found without a branch: adding 1.5 x 2^52 leaves it in the last bits,
/// for the upper and the lower half in turn.
@inline(__always)
private func wholeNumber(_ value: Double, _ largest: inout Double) -> Int64 {
    let magnitude = abs(value)
    largest = magnitude > largest ? magnitude : largest
    let high = value * 0x1p-32 + 0x1.8p52
    let low = value - (high - 0x1.8p52) * 0x1p32 + 0x1.8p52
    let zero = Int64(bitPattern: (0x1.8p52).bitPattern)
    return (Int64(bitPattern: high.bitPattern) &- zero) &<< 32 &+ (Int64(bitPattern: low.bitPattern) &- zero)
}
