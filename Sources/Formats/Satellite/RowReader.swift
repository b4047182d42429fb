import NetCDF

/// Reads resolved variables for a range of soundings.
struct RowReader: Sendable {
    let source: any VariableSource
    let layout: RowLayout
    let observedRows: [Int]?
    let path: String

    /// In the units of the domain, NaN where missing; `rows x width`, or one row for what all share.
    func doubles(_ variable: ResolvedVariable, _ rows: Range<Int>) throws -> [Double] {
        var values = try spread(variable, rows) { try source.doubles(variable.path, rows: $0) }
        convert(&values, variable)
        return values
    }

    /// Of some of the soundings of `rows` alone.
    func doubles(_ variable: ResolvedVariable, _ rows: Range<Int>, at selection: RowSelection) throws
        -> [Double]
    {
        guard isByRows(variable) else {
            return selection.picked(try doubles(variable, rows), width: variable.width)
        }
        var values = try source.doubles(variable.path, rows: rows, at: selection)
        try require(values.count, selection.count * variable.width, variable)
        convert(&values, variable)
        return values
    }

    /// The same at `places`, ascending and counted from the first of `rows`.
    func doubles(_ variable: ResolvedVariable, _ rows: Range<Int>, at places: [Int]) throws -> [Double] {
        try doubles(variable, rows, at: RowSelection(places, of: rows.count))
    }

    func identifiers(_ variable: ResolvedVariable, _ rows: Range<Int>, at selection: RowSelection) throws
        -> [UInt64]
    {
        guard isByRows(variable) else { return selection.picked(try identifiers(variable, rows)) }
        let values = try source.unsignedIntegers(variable.path, rows: rows, at: selection)
        try require(values.count, selection.count, variable)
        return values
    }

    /// Whether a row of the variable is that of one sounding.
    private func isByRows(_ variable: ResolvedVariable) -> Bool {
        variable.spread == .sounding && !layout.hasLeadingOne && layout.pixels == 1
    }

    private func require(_ count: Int, _ expected: Int, _ variable: ResolvedVariable) throws {
        guard count == expected else {
            let reason = "\(count) values where \(expected) are expected"
            throw SatelliteError.unexpected(path: path, variable: variable.path, reason: reason)
        }
    }

    private func convert(_ values: inout [Double], _ variable: ResolvedVariable) {
        if !variable.missing.isEmpty {
            for index in values.indices where isMissing(values[index], variable.missing) {
                values[index] = .nan
            }
        }
        if !variable.conversion.changesNothing {
            for index in values.indices { values[index] = variable.conversion(values[index]) }
        }
    }

    /// Single precision in the file may be a little off what the documentation says.
    private func isMissing(_ value: Double, _ missing: [Double]) -> Bool {
        missing.contains { value == $0 || Float(value) == Float($0) }
    }

    func integers(_ variable: ResolvedVariable, _ rows: Range<Int>) throws -> [Int64] {
        try spread(variable, rows) { try source.integers(variable.path, rows: $0) }
    }

    func identifiers(_ variable: ResolvedVariable, _ rows: Range<Int>) throws -> [UInt64] {
        try spread(variable, rows) { try source.unsignedIntegers(variable.path, rows: $0) }
    }

    private func spread<Value>(
        _ variable: ResolvedVariable,
        _ rows: Range<Int>,
        _ load: (Range<Int>) throws -> [Value]
    ) throws -> [Value] {
        let lines = layout.lines(of: rows)
        let isWhole = layout.hasLeadingOne && !source.dropsLeadingOne
        let stored = isWhole ? 0..<1 : lines
        switch variable.spread {
        case .shared:
            return try load(0..<variable.width)
        case .sounding:
            let first = isWhole ? 0 : lines.lowerBound * layout.pixels
            return try part(try load(stored), (rows.lowerBound - first), rows.count, variable)
        case .line:
            let first = isWhole ? 0 : lines.lowerBound
            let values = try part(try load(stored), lines.lowerBound - first, lines.count, variable)
            return rows.map { values[$0 / layout.pixels - lines.lowerBound] }
        case .observed(let count):
            let values = try part(try load(0..<count), 0, count, variable)
            return try gather(values, rows, variable)
        }
    }

    private func part<Value>(
        _ values: [Value],
        _ first: Int,
        _ count: Int,
        _ variable: ResolvedVariable
    ) throws -> [Value] {
        let range = (first * variable.width)..<((first + count) * variable.width)
        guard range.upperBound <= values.count else {
            let reason = "\(values.count) values where \(range.upperBound) are expected"
            throw SatelliteError.unexpected(path: path, variable: variable.path, reason: reason)
        }
        return range == 0..<values.count ? values : Array(values[range])
    }

    private func gather<Value>(
        _ values: [Value],
        _ rows: Range<Int>,
        _ variable: ResolvedVariable
    ) throws -> [Value] {
        guard let observedRows, rows.upperBound <= observedRows.count else {
            let reason = "no identifiers lead from retrieved soundings to these"
            throw SatelliteError.unexpected(path: path, variable: variable.path, reason: reason)
        }
        var gathered: [Value] = []
        gathered.reserveCapacity(rows.count * variable.width)
        for row in rows {
            let start = observedRows[row] * variable.width
            gathered += values[start..<(start + variable.width)]
        }
        return gathered
    }
}
