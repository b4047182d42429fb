import Quantities
import SQLite

extension CalibrationRow {
    /// Binds the columns from `start` on to the parameters from 2 on.
    func bind(_ statement: borrowing Statement) throws(SQLiteError) {
        try statement.bind(2, period.start.microseconds)
        try statement.bind(3, period.end.microseconds)
        try statement.bind(4, kind)
        try statement.bind(5, bytes: Self.bytes(coefficients).span.bytes)
        try statement.bind(6, bytes: Self.bytes(covariance).span.bytes)
        try statement.bind(7, detail)
    }

    /// The row whose columns from `start` on begin with the first; nil for one that nobody can have written.
    init?(_ row: borrowing Statement) {
        guard row.integer(0) <= row.integer(1), let coefficients = Self.doubles(row.bytes(3)),
            let covariance = Self.doubles(row.bytes(4))
        else { return nil }
        self.init(
            period: Period(
                start: Instant(microseconds: row.integer(0)),
                end: Instant(microseconds: row.integer(1))
            ),
            kind: row.text(2) ?? "",
            coefficients: coefficients,
            covariance: covariance,
            detail: row.text(5) ?? ""
        )
    }

    /// Eight bytes each, the lowest first.
    private static func bytes(_ values: [Double]) -> [UInt8] {
        values.flatMap { value in
            stride(from: UInt64(0), to: 64, by: 8).map {
                UInt8(truncatingIfNeeded: value.bitPattern >> $0)
            }
        }
    }

    private static func doubles(_ bytes: [UInt8]) -> [Double]? {
        guard bytes.count.isMultiple(of: 8) else { return nil }
        var cursor = ByteCursor(bytes)
        var values: [Double] = []
        while let bits = cursor.fixed() { values.append(Double(bitPattern: bits)) }
        return values
    }
}
