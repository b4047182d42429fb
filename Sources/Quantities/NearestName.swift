/// The known name closest to a misspelt one by edit distance; nil when none is close.
public func nearest(to name: String, among known: [String]) -> String? {
    let ranked = known.map { (name: $0, distance: editDistance(Array(name.utf8), Array($0.utf8))) }
    guard let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
        best.distance <= max(2, best.name.utf8.count / 3)
    else { return nil }
    return best.name
}

/// Levenshtein distance.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var previous = Array(0...b.count)
    for (row, byte) in a.enumerated() {
        var current = [row + 1]
        for (column, other) in b.enumerated() {
            let substitution = previous[column] + (byte == other ? 0 : 1)
            current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[b.count]
}
