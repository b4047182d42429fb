import Concurrent
import Foundation
import FuzzTargets
import TestSupport
import Testing

/// What `deploy/fuzz` does with coverage, in small and without: inputs near the corpus must not end the process.
@Suite struct DecoderMutationTests {
    @Test(arguments: try FuzzTarget.all().map(\.name))
    func mutatedInputsAreSurvived(name: String) async throws {
        let target = try #require(try FuzzTarget.all().first { $0.name == name })
        let corpus = try target.corpus()
        try #require(!corpus.isEmpty)
        let found = try await onOwnThread(named: name) { results(of: target, corpus, inputs: 4000) }
        #expect(!found.isEmpty)
    }

    private func results(of target: FuzzTarget, _ corpus: [[UInt8]], inputs: Int) -> Set<Int> {
        var random = SeededGenerator(seed: 4)
        var results = Set<Int>()
        for _ in 0..<inputs {
            var input = corpus[Int.random(in: corpus.indices, using: &random)]
            for _ in 0..<Int.random(in: 0...4, using: &random) { mutate(&input, corpus, &random) }
            results.insert(target.run(input))
        }
        return results
    }

    @Test func everyCorpusHasATargetAndEveryTargetACorpus() throws {
        let folder = FuzzTarget.folder.appending(path: "Corpus")
        let corpora = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(corpora) == Set(try FuzzTarget.all().map(\.name)))
    }

    private func mutate(_ input: inout [UInt8], _ corpus: [[UInt8]], _ random: inout SeededGenerator) {
        guard !input.isEmpty else { return input.append(UInt8.random(in: .min ... .max, using: &random)) }
        let place = Int.random(in: input.indices, using: &random)
        let end = min(input.count, place + Int.random(in: 1...16, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: input[place] = UInt8.random(in: .min ... .max, using: &random)
        case 2: input.removeSubrange(place..<end)
        case 3: input.insert(contentsOf: input[place..<end], at: place)
        case 4: input.removeSubrange(place...)
        case 5:
            input.insert(contentsOf: Array((interesting.randomElement(using: &random) ?? "").utf8), at: place)
        default:
            let other = corpus[Int.random(in: corpus.indices, using: &random)]
            input.replaceSubrange(
                place...,
                with: other.suffix(Int.random(in: 0...other.count, using: &random))
            )
        }
    }
}

/// What readers of text stumble over.
private let interesting = [
    "", "\0", "-", "1e999", "-0", "9223372036854775808", "NaN", "null", "[[[[[[[[", "{", "\"", "\\u",
    "\\ud800",
    "é", "\u{FEFF}", "&&", "##", ";", "=", ",", "\r\n", "99999999999999999999",
]
