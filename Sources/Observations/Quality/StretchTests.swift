/// Finds the longest stretches within which the values differ by no more than a range.
///
/// Two queues of the largest and smallest values that can still matter keep the range of the stretch that ends at
/// a value (Lemire 2006, arXiv:cs/0610046): each value enters and leaves each once, so the time is linear.
private struct Stretches {
    private var largest = MonotonicQueue(isAbove: true)
    private var smallest = MonotonicQueue(isAbove: false)
    private var start = 0
    let range: Double
    let longestStepSeconds: Double

    init(range: Double, longestStepSeconds: Double) {
        self.range = range
        self.longestStepSeconds = longestStepSeconds
    }

    /// The place where the longest stretch that ends here starts.
    mutating func start(endingAt place: Int, of air: QualitySeries.Column) -> Int {
        if place > 0, air.seconds(from: place - 1, to: place) > longestStepSeconds {
            start = place
            largest.removeAll()
            smallest.removeAll()
        }
        largest.append(place, air.values)
        smallest.append(place, air.values)
        while air.values[largest.front] - air.values[smallest.front] > range {
            start += 1
            largest.drop(before: start)
            smallest.drop(before: start)
        }
        return start
    }
}

/// Places whose values fall (or rise) from the front on.
private struct MonotonicQueue {
    private var places: [Int] = []
    private var head = 0
    private let isAbove: Bool

    init(isAbove: Bool) { self.isAbove = isAbove }

    var front: Int { places[head] }

    mutating func append(_ place: Int, _ values: [Double]) {
        while places.count > head, let last = places.last,
            isAbove ? values[last] <= values[place] : values[last] >= values[place]
        {
            places.removeLast()
        }
        places.append(place)
    }

    mutating func drop(before start: Int) {
        while head < places.count - 1, places[head] < start { head += 1 }
        // What has passed is given back now and then.
        if head > 1024, 2 * head > places.count {
            places.removeFirst(head)
            head = 0
        }
    }

    mutating func removeAll() {
        places.removeAll(keepingCapacity: true)
        head = 0
    }
}

extension VerdictColumn {
    /// Every value of a stretch that lasts so long counts, not only those after it has lasted: the instrument was
    /// stuck from its start.
    mutating func testFlatLine(_ air: QualitySeries.Column, _ limit: FlatLineLimit, holdSeconds: Double) {
        let suspect = limit.suspectSeconds + holdSeconds
        let fail = limit.failSeconds + holdSeconds
        markStretches(air, limit.tolerancePartsPerMillion, suspect / 3, .flatLine, suspect, fail)
    }

    mutating func testAttenuation(_ air: QualitySeries.Column, _ limit: AttenuationLimit) {
        let seconds = limit.seconds
        markStretches(air, limit.rangePartsPerMillion, seconds / 3, .attenuatedSignal, seconds, .infinity)
    }

    private mutating func markStretches(
        _ air: QualitySeries.Column,
        _ range: Double,
        _ longestStep: Double,
        _ test: QualityTests,
        _ suspectSeconds: Double,
        _ failSeconds: Double
    ) {
        var stretches = Stretches(range: range, longestStepSeconds: longestStep)
        // The places before these have their mark.
        var (suspectEnd, failEnd) = (0, 0)
        for place in 0..<air.count {
            let start = stretches.start(endingAt: place, of: air)
            let seconds = air.seconds(from: start, to: place)
            // A value without a predecessor nearby is no part of a stretch yet.
            if place > 0, air.seconds(from: place - 1, to: place) <= longestStep { pass(air.indices[place]) }
            if seconds >= suspectSeconds {
                for flat in max(start, suspectEnd)...place { mark(air.indices[flat], .suspect, test) }
                suspectEnd = place + 1
            }
            if seconds >= failSeconds {
                for flat in max(start, failEnd)...place { mark(air.indices[flat], .fail, test) }
                failEnd = place + 1
            }
        }
    }
}
