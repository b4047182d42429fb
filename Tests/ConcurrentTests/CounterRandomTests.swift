import Concurrent
import Testing

@Suite struct CounterRandomTests {
    struct KnownAnswer: Sendable {
        let seed: UInt64
        let counter: [UInt32]
        let block: [UInt32]
    }

    /// The known answers of the Random123 distribution for Philox4x32-10: zeros, ones and digits of pi.
    static let knownAnswers = [
        KnownAnswer(
            seed: 0,
            counter: [0, 0, 0, 0],
            block: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        ),
        KnownAnswer(
            seed: .max,
            counter: [.max, .max, .max, .max],
            block: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        ),
        KnownAnswer(
            seed: 0x299f_31d0_a409_3822,
            counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
            block: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        ),
    ]

    @Test(arguments: knownAnswers) func blocksAreThoseOfRandom123(answer: KnownAnswer) {
        let counter = answer.counter
        let block = CounterRandom(seed: answer.seed).block((counter[0], counter[1], counter[2], counter[3]))
        #expect([block.0, block.1, block.2, block.3] == answer.block)
    }

    @Test func uniformNumbersHaveTheMomentsOfTheUniformDistribution() {
        let random = CounterRandom(seed: 7)
        let values = (0..<100_000).map { random.uniform(stream: 3, index: UInt64($0)) }
        #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
        let mean = values.reduce(0, +) / 1e5
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1e5
        // Five standard errors of each moment.
        #expect(abs(mean - 0.5) < 5 * (1.0 / 12 / 1e5).squareRoot())
        #expect(abs(variance - 1.0 / 12) < 5 * (1.0 / 180 / 1e5).squareRoot())
    }

    @Test func streamsAndSeedsDiffer() {
        let random = CounterRandom(seed: 7)
        #expect(random.uniform(stream: 0, index: 1) != random.uniform(stream: 1, index: 0))
        #expect(random.uniform(stream: 0, index: 0) != CounterRandom(seed: 8).uniform(stream: 0, index: 0))
    }
}
