/// How tasks share a vector: a function of its length alone, so that sums over the parts repeat on every machine.
struct VectorParts {
    /// Elements of one task.
    private static let least = 1 << 14
    private static let most = 8

    let ranges: [Range<Int>]

    init(length: Int) {
        let count = max(1, min(Self.most, length / Self.least))
        ranges = (0..<count).map { ($0 * length / count)..<(($0 + 1) * length / count) }
    }
}

/// The parts one after the other.
func joined(_ parts: [[Double]]) -> [Double] {
    guard parts.count != 1 else { return parts[0] }
    var result: [Double] = []
    result.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for part in parts { result.append(contentsOf: part) }
    return result
}

/// target += scale · vector.
func addScaled(_ vector: [Double], _ scale: Double, to target: inout [Double]) {
    precondition(vector.count == target.count, "vectors differ in length")
    for index in target.indices { target[index] += scale * vector[index] }
}

/// Σ a·b in four running sums, which are added up at the end: an addition need not wait for the one before.
func quickDotProduct(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count, "vectors differ in length")
    var sums = (0.0, 0.0, 0.0, 0.0)
    let whole = a.count / 4 * 4
    for start in stride(from: 0, to: whole, by: 4) {
        sums.0 += a[start] * b[start]
        sums.1 += a[start + 1] * b[start + 1]
        sums.2 += a[start + 2] * b[start + 2]
        sums.3 += a[start + 3] * b[start + 3]
    }
    for index in whole..<a.count { sums.0 += a[index] * b[index] }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
}

/// target += vector, and vector · target thereafter, in one pass over memory.
func addAndMultiply(_ vector: [Double], to target: inout [Double]) -> Double {
    precondition(vector.count == target.count, "vectors differ in length")
    var sums = (0.0, 0.0, 0.0, 0.0)
    let whole = vector.count / 4 * 4
    for start in stride(from: 0, to: whole, by: 4) {
        target[start] += vector[start]
        target[start + 1] += vector[start + 1]
        target[start + 2] += vector[start + 2]
        target[start + 3] += vector[start + 3]
        sums.0 += vector[start] * target[start]
        sums.1 += vector[start + 1] * target[start + 1]
        sums.2 += vector[start + 2] * target[start + 2]
        sums.3 += vector[start + 3] * target[start + 3]
    }
    for index in whole..<vector.count {
        target[index] += vector[index]
        sums.0 += vector[index] * target[index]
    }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
}

/// target -= scale · vector, and the square of target thereafter, in one pass over memory.
func subtractAndSquare(_ vector: [Double], _ scale: Double, from target: inout [Double]) -> Double {
    precondition(vector.count == target.count, "vectors differ in length")
    var sums = (0.0, 0.0, 0.0, 0.0)
    let whole = vector.count / 4 * 4
    for start in stride(from: 0, to: whole, by: 4) {
        target[start] -= scale * vector[start]
        target[start + 1] -= scale * vector[start + 1]
        target[start + 2] -= scale * vector[start + 2]
        target[start + 3] -= scale * vector[start + 3]
        sums.0 += target[start] * target[start]
        sums.1 += target[start + 1] * target[start + 1]
        sums.2 += target[start + 2] * target[start + 2]
        sums.3 += target[start + 3] * target[start + 3]
    }
    for index in whole..<vector.count {
        target[index] -= scale * vector[index]
        sums.0 += target[index] * target[index]
    }
    return (sums.0 + sums.1) + (sums.2 + sums.3)
}
