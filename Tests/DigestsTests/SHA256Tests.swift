import Digests
import TestSupport
import Testing

/// Vectors of NIST FIPS 180-4 and the Cryptographic Algorithm Validation Program.
@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
                + "lmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func knownAnswers(message: String, expected: String) {
        var hash = SHA256()
        hash.update(message.utf8)
        let digest = hash.hexDigest()
        #expect(digest == expected)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func piecesDoNotMatter(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let message = (0..<Int(random.next() % 500)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var whole = SHA256()
        whole.update(message)
        var pieces = SHA256()
        var rest = message[...]
        while !rest.isEmpty {
            let count = Int(random.next() % 130)
            pieces.update(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        let digests = [pieces.hexDigest(), whole.hexDigest(), whole.hexDigest()]
        #expect(Set(digests).count == 1)
    }

    @Test func theVersionOfTheLibraryIsKnown() {
        #expect(OpenSSLLibrary.version.split(separator: ".").count >= 3)
    }
}
