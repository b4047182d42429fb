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
        times = try readTimes(file, mapping.time)
        let shape = try file.shape(of: mapping.time)
        func column(_ name: String, _ file: borrowing NetCDFFile) throws -> RecordColumn {
            RecordColumn(
                numbers: try file.doubles(name, shape: shape),
                unit: file.text("units", of: name).flatMap { MoleFractionUnit(spelling: $0) }
            )
        }
        var values: [RecordColumn] = []
        var uncertainties: [RecordColumn?] = []
        for source in mapping.values {
            values.append(try column(source.column, file))
            uncertainties.append(try source.uncertainty.map { try column($0, file) })
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
private func readTimes(_ file: borrowing NetCDFFile, _ variable: String) throws -> [Instant] {
    let text = file.text("units", of: variable) ?? ""
    guard let unit = RecordTimeUnit(text) else {
        throw NetCDFError(
            .unexpected("units `\(text)` are not of the form `hours since 2019-01-01`"),
            path: file.path,
            variable: variable
        )
    }
    var times: [Instant] = []
    for offset in try file.doubles(variable) {
        guard let time = unit.instant(offset) else {
            throw NetCDFError(.unexpected("a time is missing"), path: file.path, variable: variable)
        }
        times.append(time)
    }
    return times
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

/// CF time units, `UNIT since DATE[ TIME]`; without a zone the epoch is in UTC (CF conventions, 4.4).
struct RecordTimeUnit: Equatable {
    let secondsPerUnit: Double
    let epoch: Instant

    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count >= 3, parts[1] == "since", let seconds = Self.seconds[parts[0]] else { return nil }
        let zone = parts.count > 4 ? parts[4] : ""
        guard ["", "UTC", "Z", "+00:00", "0:00"].contains(zone) else { return nil }
        let date =
            parts[2].contains("T") ? parts[2] : "\(parts[2])T\(parts.count > 3 ? parts[3] : "00:00:00")"
        guard let epoch = Instant(iso8601: date.hasSuffix("Z") ? date : date + "Z") else { return nil }
        secondsPerUnit = seconds
        self.epoch = epoch
    }

    func instant(_ offset: Double) -> Instant? {
        Instant(secondsSince1970: epoch.secondsSince1970 + offset * secondsPerUnit)
    }

    private static let seconds: [String: Double] = [
        "second": 1, "seconds": 1, "s": 1, "minute": 60, "minutes": 60, "min": 60, "hour": 3600,
        "hours": 3600, "h": 3600, "day": 86_400, "days": 86_400, "d": 86_400,
    ]
}
