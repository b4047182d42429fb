import NetCDF
import Observations

/// Which rows of a stretch their producer calls good. Nothing else is read of the others.
struct QualityScreen {
    private(set) var good: RowSelection
    /// How many of the others there are, by reason.
    private(set) var rejected: [RejectionReason: Int] = [:]

    init(_ file: SoundingFile, _ rows: Range<Int>) throws {
        good = RowSelection([], of: rows.count)
        switch (file.resolved.quality, file.resolved.variables[.flag]) {
        case (.flag(let goodFlags), let variable?):
            let flags = try file.reader.integers(variable, rows)
            let missing = variable.declaredMissing + variable.missing
            screen(flags, good: goodFlags.sorted(), missing: missing.compactMap { Int64(exactly: $0) })
        case (.above(let limit), let variable?):
            screen(try file.reader.doubles(variable, rows), above: limit)
        case (.none, _), (_, nil):
            good = RowSelection(Array(0..<rows.count), of: rows.count)
        }
    }

    private mutating func screen(_ flags: [Int64], good wanted: [Int64], missing: [Int64]) {
        if let only = wanted.first, wanted.count == 1 {
            good = Self.selection(of: flags) { $0 == only }
        } else {
            good = Self.selection(of: flags) { wanted.contains($0) }
        }
        let unknown = Set(missing).subtracting(wanted).reduce(0) { sum, value in
            flags.reduce(sum) { $0 &+ ($1 == value ? 1 : 0) }
        }
        reject(.missingValue, unknown)
        reject(.qualityFlag, flags.count - good.count - unknown)
    }

    private mutating func screen(_ qualities: [Double], above limit: Double) {
        good = Self.selection(of: qualities) { $0.isFinite && $0 > limit }
        let unknown = qualities.count { !$0.isFinite }
        reject(.missingValue, unknown)
        reject(.qualityFlag, qualities.count - good.count - unknown)
    }

    /// Without a branch, as good and bad come in no order.
    @inline(__always)
    private static func selection<Value>(of values: [Value], _ isGood: (Value) -> Bool) -> RowSelection {
        let places = [Int](unsafeUninitializedCapacity: values.count) { places, used in
            var count = 0
            for index in values.indices {
                places[count] = index
                count &+= isGood(values[index]) ? 1 : 0
            }
            used = count
        }
        return RowSelection(places, of: values.count)
    }

    private mutating func reject(_ reason: RejectionReason, _ count: Int) {
        if count > 0 { rejected[reason] = count }
    }
}
