import CSV

/// The lines of a small file of comma-separated values (RFC 4180) as texts.
struct CSVLines {
    private var scanner = CSVScanner()

    init(_ bytes: [UInt8]) {
        scanner.append(bytes.span.bytes)
        scanner.finish()
    }

    /// Number of the line read last, from 1.
    var line: Int { scanner.line }

    /// Nil at the end.
    mutating func next() throws(CSVProblem) -> [String]? {
        switch scanner.next() {
        case .record: (0..<scanner.fieldCount).map { scanner.text($0) }
        case .malformed(let problem): throw problem
        case .starved, .end: nil
        }
    }
}
