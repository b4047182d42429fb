import Concurrent
import Testing

@Suite struct RandomStreamTests {
    @Test func aStreamIsItsBlocksInOrder() {
        let source = CounterRandom(seed: 7)
        var stream = RandomStream(seed: 7, stream: 3)
        for index in 0..<5 {
            let words = source.block((UInt32(index), 0, 3, 0))
            #expect(stream.next() == UInt64(words.0) << 32 | UInt64(words.1))
            #expect(stream.next() == UInt64(words.2) << 32 | UInt64(words.3))
        }
        var other = RandomStream(seed: 7, stream: 4)
        var again = RandomStream(seed: 7, stream: 3)
        #expect(other.next() != again.next())
    }

    /// Means and variances of 200,000 draws, within five standard errors.
    @Test func distributionsHaveTheirMoments() {
        var random = RandomStream(seed: 1, stream: 0)
        let count = 200_000
        func moments(_ draw: () -> Double) -> (mean: Double, variance: Double) {
            let values = (0..<count).map { _ in draw() }
            let mean = values.reduce(0, +) / Double(count)
            return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count))
        }
        let uniform = moments { random.uniform() }
        #expect(abs(uniform.mean - 0.5) < 0.0033 && abs(uniform.variance - 1.0 / 12) < 0.0009)
        let normal = moments { random.normal() }
        #expect(abs(normal.mean) < 0.0112 && abs(normal.variance - 1) < 0.0159)
        let exponential = moments { random.exponential() }
        #expect(abs(exponential.mean - 1) < 0.0112 && abs(exponential.variance - 1) < 0.032)
        for shape in [0.4, 1, 7.5] {
            let gamma = moments { random.gamma(shape: shape) }
            #expect(abs(gamma.mean - shape) < 5 * (shape / Double(count)).squareRoot())
            // Var(s²) of a gamma variable is k² (2 + 6/k) / n.
            #expect(abs(gamma.variance - shape) < 5 * shape * ((2 + 6 / shape) / Double(count)).squareRoot())
        }
    }
}
