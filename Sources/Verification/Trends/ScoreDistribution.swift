/// How the Mann-Kendall score is distributed when every order of the values is equally likely.
///
/// The number of discordant pairs of a permuted multiset has the Gaussian multinomial coefficient as its
/// generating function (MacMahon 1916), so that ties are treated exactly: it is built group by group from
/// Gaussian binomials, all terms positive.
struct ScoreDistribution: Sendable {
    /// Probability of `index` discordant pairs.
    let probabilities: [Double]

    /// - Parameter groups: how many values share each distinct value.
    init(groups: [Int]) {
        var product = [1.0]
        var count = 0
        for size in groups {
            count += size
            product = Self.product(product, Self.binomial(count, size))
        }
        probabilities = product
    }

    /// P(|S| >= |score|).
    func probability(ofAtLeast score: Int) -> Double {
        let pairs = probabilities.count - 1
        let extreme = probabilities.indices.filter { abs(pairs - 2 * $0) >= abs(score) }
        return min(1, extreme.reduce(0) { $0 + probabilities[$1] })
    }

    /// The smallest score whose two-sided probability is at most `level`; nil where none is that rare.
    func criticalScore(level: Double) -> Int? {
        let pairs = probabilities.count - 1
        var tail = 0.0
        var critical: Int?
        for discordant in probabilities.indices where pairs - 2 * discordant > 0 {
            tail += 2 * probabilities[discordant]
            guard tail <= level else { break }
            critical = pairs - 2 * discordant
        }
        return critical
    }

    /// Coefficients of the Gaussian binomial (n over k), scaled to the sum 1, by
    /// [n, k] = [n - 1, k - 1] + q^k [n - 1, k].
    private static func binomial(_ n: Int, _ k: Int) -> [Double] {
        var rows: [[Double]] = [[1.0]] + Array(repeating: [], count: k)
        for total in 1...n {
            for part in stride(from: min(k, total), through: 1, by: -1) {
                rows[part] = sum(
                    rows[part - 1],
                    weight: Double(part) / Double(total),
                    shifted: rows[part],
                    by: part,
                    weight: Double(total - part) / Double(total)
                )
            }
        }
        return rows[k]
    }

    private static func sum(
        _ first: [Double],
        weight: Double,
        shifted second: [Double],
        by shift: Int,
        weight secondWeight: Double
    ) -> [Double] {
        var total = [Double](repeating: 0, count: max(first.count, second.isEmpty ? 0 : second.count + shift))
        for (index, value) in first.enumerated() { total[index] += weight * value }
        for (index, value) in second.enumerated() { total[index + shift] += secondWeight * value }
        return total
    }

    private static func product(_ first: [Double], _ second: [Double]) -> [Double] {
        var product = [Double](repeating: 0, count: first.count + second.count - 1)
        for (i, a) in first.enumerated() {
            for (j, b) in second.enumerated() { product[i + j] += a * b }
        }
        return product
    }
}
