import SQLite

/// What tells dead letters apart: the same message refused for the same reason by the same decoder is the same
/// letter, however often it is delivered. Letters of equal digests are compared.
struct LetterDigest {
    /// FNV-1a, 64 bits.
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    /// As the file keeps it.
    var number: Int64 { Int64(bitPattern: hash) }

    init(_ rejection: Rejection, _ topic: RawSpan, _ payload: RawSpan, _ decoder: String) {
        add(topic)
        add(payload)
        add("\(rejection.item ?? -1)".utf8.span.bytes)
        add(rejection.reason.utf8.span.bytes)
        add(decoder.utf8.span.bytes)
    }

    /// The parts are set apart by a byte that is in no text.
    private mutating func add(_ part: RawSpan) {
        part.withUnsafeBytes { bytes in
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }

    /// Gives letters that have none their digest.
    static func fillIn(_ connection: borrowing Connection) throws(SQLiteError) {
        let select = try connection.prepare(
            "SELECT \(DeadLetter.columns) FROM dead_letters WHERE digest IS NULL"
        )
        var digests: [(id: Int64, number: Int64)] = []
        while try select.step() {
            let letter = DeadLetter(select)
            let digest = LetterDigest(
                letter.rejection,
                letter.topic.utf8.span.bytes,
                letter.payload.span.bytes,
                letter.decoder
            )
            digests.append((letter.id, digest.number))
        }
        let update = try connection.prepare("UPDATE dead_letters SET digest = ? WHERE id = ?")
        for (id, number) in digests {
            try update.bind(1, number)
            try update.bind(2, id)
            try update.run()
        }
    }
}
