import Foundation
import Observations
import Quantities
import TestSupport
import Testing

@Suite struct QualityVocabularyTests {
    private static func verdict(_ flag: QualityFlag, _ tests: QualityTests = []) -> QualityVerdict {
        QualityVerdict(flag: flag, tests: tests)
    }

    static let outward: [(QualityVerdict, [FlagVocabulary: String])] = [
        (verdict(.good), [.qartod: "1", .icos: "U", .noaa: "...", .hj212: "N", .uataq: "0"]),
        (verdict(.notEvaluated), [.qartod: "2", .icos: "U", .noaa: "..P", .hj212: "N", .uataq: "0"]),
        (verdict(.suspect, .spike), [.qartod: "3", .icos: "U", .noaa: ".S.", .hj212: "N", .uataq: "0"]),
        (verdict(.fail, .flatLine), [.qartod: "4", .icos: "N", .noaa: "X..", .hj212: "M", .uataq: "-1"]),
        (
            verdict(.missing, .missingValue),
            [.qartod: "9", .icos: "", .noaa: "*..", .hj212: "B", .uataq: "-9999"]
        ),
        (verdict(.good, .operatorEdit), [.qartod: "1", .icos: "O", .noaa: "...", .hj212: "N", .uataq: "0"]),
        (verdict(.fail, .operatorEdit), [.qartod: "4", .icos: "K", .noaa: "X..", .hj212: "M", .uataq: "-1"]),
        (
            verdict(.fail, .calibrationGas),
            [.qartod: "4", .icos: "N", .noaa: "X..", .hj212: "C", .uataq: "-2"]
        ),
        (
            verdict(.fail, .instrumentState),
            [.qartod: "4", .icos: "N", .noaa: "X..", .hj212: "D", .uataq: "-1"]
        ),
        (verdict(.suspect, .warmUp), [.qartod: "3", .icos: "U", .noaa: ".S.", .hj212: "N", .uataq: "-24"]),
        (verdict(.good, .standstill), [.qartod: "1", .icos: "U", .noaa: "...", .hj212: "N", .uataq: "20"]),
    ]

    @Test(arguments: outward.indices)
    func verdictsAreWrittenInEveryVocabulary(row: Int) {
        let (verdict, texts) = Self.outward[row]
        #expect(texts.count == FlagVocabulary.allCases.count)
        for (vocabulary, text) in texts { #expect(vocabulary.text(for: verdict) == text, "\(vocabulary)") }
    }

    static let inward: [(FlagVocabulary, String, QualityVerdict?)] = [
        (.qartod, "4", verdict(.fail)), (.qartod, "5", nil), (.qartod, "x", nil),
        (.icos, "O", verdict(.good, .operatorEdit)), (.icos, "K", verdict(.fail, .operatorEdit)),
        (.icos, "H", verdict(.suspect, .spike)), (.icos, "Z", nil),
        (.noaa, "...", verdict(.good)), (.noaa, ".V.", verdict(.good)),
        (.noaa, "I..", verdict(.fail, .deviceFlag)),
        (.noaa, "..P", verdict(.notEvaluated)), (.noaa, "..", nil),
        (.hj212, "C", verdict(.fail, [.deviceFlag, .calibrationGas])), (.hj212, "n", nil),
        (.uataq, "-23", verdict(.suspect, .location)), (.uataq, "-77", verdict(.fail, .deviceFlag)),
        (.uataq, "1", verdict(.good)), (.uataq, "", nil),
    ]

    @Test(arguments: inward.indices)
    func flagsOfOthersAreUnderstood(row: Int) {
        let (vocabulary, text, verdict) = Self.inward[row]
        #expect(vocabulary.verdict(of: text) == verdict)
    }

    /// What is written and read again comes out as no better than it was, but where the vocabulary has no doubt.
    @Test(arguments: FlagVocabulary.allCases)
    func rejectionSurvivesTheRoundTrip(vocabulary: FlagVocabulary) throws {
        for (verdict, _) in Self.outward {
            let back = try #require(vocabulary.verdict(of: vocabulary.text(for: verdict)))
            if verdict.flag == .fail || verdict.flag == .missing { #expect(back.flag == verdict.flag) }
            if verdict.flag == .good { #expect(back.flag == .good) }
        }
    }

    @Test func theLegendNamesEveryTestThatIsOn() throws {
        var instrument = QualitySamples.g2301
        instrument.quality = .standard(for: .vehicle, gas: .co2)
        let legend = QualityTests.describe(instrument)
        let spike = try #require(legend.first { $0.key == "spike" })
        #expect(spike.threshold == "> 8 x 1.4826 MAD / 31 s, > 2 ppm")
        #expect(spike.bit == 11 && spike.names.chinese == "尖峰" && spike.version == QualityProfile.version)
        #expect(
            legend.first { $0.key == "gross_range" }?.threshold == "fail 350..3000 ppm, suspect 380..1500 ppm"
        )
        #expect(!legend.contains { $0.key == "battery" })
        let text = try JSONEncoder().encode(legend)
        #expect(try JSONDecoder().decode([QualityTestDescription].self, from: text) == legend)
    }

    /// Each bit that exists has a key, and each key leads back to its bit.
    @Test func keysAndBitsBelongTogether() {
        #expect(QualityTests.keys.count == 28)
        #expect(Set(QualityTests.keys).count == 28)
        for (bit, key) in QualityTests.keys.enumerated() {
            #expect(QualityTests(key: key) == QualityTests(rawValue: 1 << UInt32(bit)))
            #expect(QualityTests(rawValue: 1 << UInt32(bit)).keys == [key])
        }
        #expect(QualityTests(key: "no_such") == nil)
    }
}
