import LinearAlgebra

/// The mean difference between two footprints.
struct FootprintDifference {
    let first: Int
    let second: Int
    let mean: Double
    let weight: Double
}

/// Values whose differences fit the given ones by weighted least squares, with a mean of zero over those seen: the
/// Laplacian of the graph of pairs, made regular by the mean. Nil when the pairs fall into parts that no pair joins.
func fitted(_ differences: [FootprintDifference], _ seen: [Bool]) -> [Double]? {
    let members = seen.indices.filter { seen[$0] }
    var position = [Int](repeating: 0, count: seen.count)
    for (index, member) in members.enumerated() { position[member] = index }
    var matrix = Matrix(rows: members.count, columns: members.count)
    var right = [Double](repeating: 0, count: members.count)
    let total = differences.reduce(0) { $0 + $1.weight }
    for difference in differences {
        let (a, b) = (position[difference.first], position[difference.second])
        let weight = difference.weight / total
        matrix[a, a] += weight
        matrix[b, b] += weight
        matrix[a, b] -= weight
        matrix[b, a] -= weight
        right[a] += weight * difference.mean
        right[b] -= weight * difference.mean
    }
    // The mean is not determined by differences: adding 1/n² to each element sets it to zero and changes no other.
    let anchor = 1 / Double(members.count * members.count)
    for row in members.indices {
        for column in members.indices { matrix[row, column] += anchor }
    }
    guard let factor = try? Cholesky(factoring: matrix) else { return nil }
    let solution = factor.solve(right)
    guard solution.allSatisfy({ abs($0) < 1e6 }) else { return nil }
    var values = [Double](repeating: 0, count: seen.count)
    for (index, member) in members.enumerated() { values[member] = solution[index] }
    return values
}
