import Foundation
import Ingest
import TestSupport
import Testing

@Suite struct ReceiptTests {
    @Test func aReceiptIsWhatTheLoggerExpects() {
        let receipt = Receipt(boot: "7f3a", upTo: 1234, gaps: [1200...1203])
        let text = String(decoding: receipt.payload, as: UTF8.self)
        #expect(text == #"{"boot":"7f3a","upto":1234,"gaps":[[1200,1203]]}"#)
        let whole = Receipt(boot: "b", upTo: -1, gaps: [])
        #expect(String(decoding: whole.payload, as: UTF8.self) == #"{"boot":"b","upto":-1,"gaps":[]}"#)
        #expect(receiptTopic(network: "n", station: "s") == "co2/v1/n/s/receipt")
    }

    @Test(arguments: ["\"", "\\", "\u{0}\n\u{1F}", "北京", "a\u{301}", "\u{7F}/"])
    func anyNameOfAStartSurvives(boot: String) throws {
        let payload = Data(Receipt(boot: boot, upTo: .max, gaps: [.min ... .max]).payload)
        let value = try #require(try JSONSerialization.jsonObject(with: payload) as? [String: Any])
        #expect((value["boot"] as? String).map { Array($0.utf8) } == Array(boot.utf8))
        #expect((value["upto"] as? NSNumber)?.int64Value == .max)
    }

    /// Of too many gaps the newest are listed, and the receipt says from where on it is complete.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func theListOfGapsIsBounded(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 0...2500, using: &random)
        let all = (0..<count).map { (index: Int) -> ClosedRange<Int64> in
            let start = Int64(index) * 10
            return start...(start + 3)
        }
        let receipt = Receipt(boot: "b", upTo: 30_000, gaps: all.shuffled(using: &random))
        #expect(receipt.gaps == Array(all.suffix(Receipt.gapLimit)))
        #expect((receipt.from == nil) == (count <= Receipt.gapLimit))
        guard let from = receipt.from else { return }
        #expect(all.filter { $0.lowerBound >= from } == receipt.gaps)
        #expect(all.dropLast(Receipt.gapLimit).allSatisfy { $0.upperBound < from })
    }
}
