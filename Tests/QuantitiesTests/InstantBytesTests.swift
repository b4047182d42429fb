import Quantities
import TestSupport
import Testing

@Suite struct InstantBytesTests {
    private func ofBytes(_ text: String) -> Instant? { Instant(iso8601: Array(text.utf8).span.bytes) }

    @Test(arguments: [
        "2018-10-24T07:52:36Z", "2018-10-24T07:52:36.2Z", "2018-10-24T07:52:36.280001Z",
        "2018-10-24T07:52:36.1234569Z", "2018-10-24T09:52:36.28+02:00", "2018-10-24 07:52:36z",
        "2018-10-24T07:52:36,5Z", "2018-10-24T07:52:36.Z", "2018-10-24T07:52:36.5xZ", "2018-10-24T07:52:36",
        "2018-02-29T00:00:00Z", "2018-10-24T24:00:00Z", "0000-01-01T00:00:00Z", "2018-10-24T07:52:36xZ", "",
        "Z",
        "２０１８-10-24T07:52:36Z", "2018-10-24T-7:52:36Z",
    ])
    func bytesMeanWhatTheirTextMeans(text: String) {
        #expect(ofBytes(text) == Instant(iso8601: text))
    }

    @Test(arguments: 0..<50 as Range<UInt64>) func damagedTimesMeanWhatTheirTextMeans(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let span = 315_537_897_599_999_999 as UInt64
            let instant = Instant(microseconds: -62_135_596_800_000_000 + Int64(random.next() % span))
            #expect(ofBytes(instant.description) == instant)
            var bytes = Array(instant.description.utf8)
            bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
                in: 0x20..<0x7F,
                using: &random
            )
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(ofBytes(text) == Instant(iso8601: text), "\(text)")
        }
    }
}
