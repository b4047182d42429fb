/// Exact sums of a stretch of cells as integers of 128 bits, of which the upper half is kept only once a sum of the
/// page has outgrown the lower one.
struct ProfilePage: Sendable {
    private var low: [Int64]
    /// What to add to `low`, in units of 2^64; empty while all are zero.
    private var high: [Int64] = []

    init(count: Int) { low = Array(repeating: 0, count: count) }

    subscript(_ place: Int) -> Int128 {
        get {
            high.isEmpty ? Int128(low[place]) : Int128(high[place]) &<< 64 &+ Int128(low[place])
        }
        set {
            low[place] = Int64(truncatingIfNeeded: newValue)
            let rest = Int64(truncatingIfNeeded: (newValue &- Int128(low[place])) &>> 64)
            guard rest != 0 || !high.isEmpty else { return }
            makeHigh()
            high[place] = rest
        }
    }

    /// Adds to the sums from `start` on.
    mutating func add(_ terms: [Int64], at start: Int) { add(terms.span, at: start) }

    private mutating func add(_ terms: Span<Int64>, at start: Int) {
        var outgrown: Int64 = 0
        do {
            var sums = low.mutableSpan
            for index in terms.indices {
                let (term, old) = (terms[index], sums[start &+ index])
                let sum = old &+ term
                sums[start &+ index] = sum
                // The sign bit tells an overflow: both terms have the sign that the sum has not.
                outgrown |= (old ^ sum) & (term ^ sum)
            }
        }
        if outgrown < 0 { carry(terms, at: start) }
    }

    /// Finds again which of the sums ran over, and counts them in the upper half.
    private mutating func carry(_ terms: Span<Int64>, at start: Int) {
        makeHigh()
        for index in terms.indices {
            let (term, sum) = (terms[index], low[start + index])
            let old = sum &- term
            if (old ^ sum) & (term ^ sum) < 0 { high[start + index] &+= term < 0 ? -1 : 1 }
        }
    }

    private mutating func makeHigh() {
        if high.isEmpty { high = Array(repeating: 0, count: low.count) }
    }

    /// Adds `count` sums of another page, from `start` on there.
    mutating func add(_ other: borrowing ProfilePage, from start: Int, count: Int, at place: Int) {
        add(other.low.span.extracting(start..<(start + count)), at: place)
        guard !other.high.isEmpty else { return }
        makeHigh()
        for index in 0..<count { high[place + index] &+= other.high[start + index] }
    }
}
