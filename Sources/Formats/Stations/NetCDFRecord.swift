import NetCDF
import Observations
import Quantities

/// Reads a recorded file in netCDF: one value of each variable per row.
@NetCDFThread
func readNetCDFRecord(path: String, mapping: RecordMapping, network: Network) throws -> [RecordedRow] {
    let file = try NetCDFFile(reading: path)
    let columns = try RecordColumns(file, mapping)
    return try (0..<columns.times.count).map { row in
        let station = try columns.station(row)
        return RecordedRow(
            station: station,
            time: columns.times[row],
            values: mapping.values.enumerated().map { index, source in
                let instrument = network.stations.first { $0.id == station }?
                    .instruments.first { $0.gas == source.gas }
                return .init(
                    gas: source.gas,
                    value: columns.values[index].number(row, in: instrument?.unit),
                    standardUncertainty: columns.uncertainties[index]?.number(row, in: instrument?.unit)
                )
            },
            fix: nil,
            state: zip(mapping.state, columns.states).map { source, column in
                .init(name: source.name, value: column.number(row, in: nil))
            }
        )
    }
}

/// The numbers of a variable and the unit its attributes state.
private struct RecordColumn {
    let numbers: [Double]
    let unit: MoleFractionUnit?

    /// Nil for a missing value. Converted when the file states another unit than the instrument's.
    func number(_ row: Int, in wanted: MoleFractionUnit?) -> Double? {
        let value = numbers[row]
        guard value.isFinite else { return nil }
        guard let unit, let wanted, unit != wanted else { return value }
        return wanted.fromPartsPerMillion(unit.partsPerMillion(value))
    }
}

/// All variables of a record.
private struct RecordColumns {
    let times: [Instant]
    let values: [RecordColumn]
    let uncertainties: [RecordColumn?]
    let states: [RecordColumn]
    private let stations: [String]

    @NetCDFThread
    init(_ file: borrowing NetCDFFile, _ mapping: RecordMapping) throws {
        let time = mapping.time.columns[0]
        times = try file.instants(file.doubles(time), of: time)
        let shape = try file.shape(of: time)
        func column(
            _ name: String,
            _ file: borrowing NetCDFFile,
            declared: MoleFractionUnit? = nil
        ) throws -> RecordColumn {
            RecordColumn(
                numbers: try file.doubles(name, shape: shape),
                unit: file.text("units", of: name).flatMap { MoleFractionUnit(spelling: $0) } ?? declared
            )
        }
        var values: [RecordColumn] = []
        var uncertainties: [RecordColumn?] = []
        for source in mapping.values {
            values.append(try column(source.column, file, declared: source.unit))
            uncertainties.append(
                try source.uncertainty.map { try column($0, file, declared: source.unit) }
            )
        }
        var states: [RecordColumn] = []
        for source in mapping.state { states.append(try column(source.column, file)) }
        self.values = values
        self.uncertainties = uncertainties
        self.states = states
        stations = try readStations(file, mapping.station, count: times.count)
    }

    func station(_ row: Int) throws -> String { stations[row] }
}

@NetCDFThread
private func readStations(
    _ file: borrowing NetCDFFile,
    _ source: RecordMapping.StationSource,
    count: Int
) throws -> [String] {
    switch source {
    case .constant(let name):
        return Array(repeating: name, count: count)
    case .column(let variable):
        return try file.strings(variable)
    case .index(let variable, let namesVariable):
        let names = try file.strings(namesVariable)
        let indices = try file.doubles(variable, shape: [count])
        return try indices.map { index in
            guard let index = Int(exactly: index), names.indices.contains(index) else {
                throw NetCDFError(
                    .unexpected("an index points outside \(namesVariable)"),
                    path: file.path,
                    variable: variable
                )
            }
            return names[index]
        }
    }
}
