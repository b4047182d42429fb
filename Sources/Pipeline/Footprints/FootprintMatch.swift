import Formats
import Foundation
import Quantities
import Transport

/// Brings observations and footprints together by name and time.
struct FootprintMatch {
    /// An observation and the footprint that belongs to it.
    struct Pair {
        let observation: Int
        let footprint: Int
    }

    /// In the order of the footprints, which that of their files is.
    private(set) var pairs: [Pair] = []
    /// Observations that have no footprint, and those with several that their height does not tell apart.
    private(set) var unmatched: [Int] = []
    private(set) var ambiguous: [Int] = []
    /// Footprints of which nothing was observed, by the name of the receptor.
    private(set) var unobserved: [String: Int] = [:]

    /// Heights of two inlets are those of one within so many metres.
    private static let sameHeightMetres = 1.0

    init(_ observations: [FootprintObservation], _ receptors: [FootprintReceptor]) {
        let byName = Dictionary(grouping: receptors.indices) { Self.key(receptors[$0].name) }
            .mapValues { indices in indices.sorted { receptors[$0].time < receptors[$1].time } }
        var isObserved = [Bool](repeating: false, count: receptors.count)
        for (number, observation) in observations.enumerated() where observation.exclusion == nil {
            let candidates = byName[Self.key(observation.measured.name)] ?? []
            let found = Self.candidates(observation.measured, candidates, receptors)
            guard let first = found.first else {
                unmatched.append(number)
                continue
            }
            guard found.count == 1 else {
                ambiguous.append(number)
                continue
            }
            isObserved[first] = true
            pairs.append(Pair(observation: number, footprint: first))
        }
        for index in receptors.indices where !isObserved[index] {
            unobserved[receptors[index].name, default: 0] += 1
        }
        pairs.sort { ($0.footprint, $0.observation) < ($1.footprint, $1.observation) }
    }

    /// Names differ by case at most.
    private static func key(_ name: String) -> String { name.lowercased() }

    /// Those of the time itself, else those whose mean it falls into; of the height, where both are known. One that is
    /// there again, which its file warns of, counts once.
    private static func candidates(
        _ observation: ReceptorObservation,
        _ sorted: [Int],
        _ receptors: [FootprintReceptor]
    ) -> [Int] {
        var fitting = sorted
        if let height = observation.heightMetres {
            fitting.removeAll { index in
                receptors[index].place.map { abs($0.heightMetres - height) > sameHeightMetres } ?? false
            }
        }
        let end = partition(fitting) { receptors[$0].time > observation.time }
        guard end > 0 else { return [] }
        let latest = receptors[fitting[end - 1]].time
        let start = partition(fitting) { receptors[$0].time >= latest }
        let held = fitting[start..<end].filter { index in
            let since = observation.time.seconds(since: latest)
            return since == 0 || since < receptors[index].averagingSeconds
        }
        let heights = Set(held.map { receptors[$0].place?.heightMetres })
        return heights.count == 1 ? Array(held.prefix(1)) : held
    }

    /// The first place from which on a condition holds.
    private static func partition(_ sorted: [Int], _ condition: (Int) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if condition(sorted[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
