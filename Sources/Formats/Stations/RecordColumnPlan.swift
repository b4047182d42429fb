import Observations
import Quantities

/// The columns of a file that its mapping names, by their place.
struct RecordColumnPlan {
    struct Value {
        let gas: Gas
        let column: Int
        let uncertainty: Int?
        let unit: MoleFractionUnit?
        let flag: (column: Int, alphabet: RecordedFlags)?
        let channel: RecordMapping.Channel
        /// Of moist air, for a row whose dry channel is dead.
        let moistColumn: Int?
    }

    struct Fix {
        let longitude: Int
        let latitude: Int
        let altitude: Int?
        let accuracy: Int?
        let satellites: Int?
        let speed: Int?
    }

    struct Number {
        let name: String
        let column: Int
        let conversion: LinearConversion
    }

    enum Station {
        case constant(String)
        case column(Int)
    }

    let count: Int
    let names: [String]
    let time: [Int]
    let timeFormat: RecordTimeFormat
    let station: Station
    let values: [Value]
    let fix: Fix?
    let state: [Number]
    let conditions: [Number]
    let bottle: Int?

    /// - Throws: the name of a column that is not there.
    init(_ mapping: RecordMapping, header: [String]) throws(MissingColumn) {
        func place(_ name: String) throws(MissingColumn) -> Int {
            // Of two columns one is the wrong one.
            guard let place = header.firstIndex(of: name), header.lastIndex(of: name) == place else {
                throw MissingColumn(name: name, isTwice: header.contains(name))
            }
            return place
        }
        func optional(_ name: String?) throws(MissingColumn) -> Int? {
            if let name { try place(name) } else { nil }
        }
        (count, names) = (header.count, header)
        timeFormat = mapping.time.format
        var time: [Int] = []
        for column in mapping.time.columns { time.append(try place(column)) }
        self.time = time
        station =
            switch mapping.station {
            case .constant(let name): .constant(name)
            case .column(let column): .column(try place(column))
            case .index(let variable, _): throw MissingColumn(name: variable)
            }
        var values: [Value] = []
        for source in mapping.values { values.append(try Value(source, place)) }
        self.values = values
        if let position = mapping.position {
            fix = Fix(
                longitude: try place(position.longitude),
                latitude: try place(position.latitude),
                altitude: try optional(position.altitude),
                accuracy: try optional(position.accuracy),
                satellites: try optional(position.satellites),
                speed: try optional(position.speed)
            )
        } else {
            fix = nil
        }
        var state: [Number] = []
        for source in mapping.state {
            state.append(Number(name: source.name, column: try place(source.column), conversion: .identity))
        }
        self.state = state
        var conditions: [Number] = []
        for source in mapping.conditions {
            let column = try place(source.column)
            conditions.append(Number(name: source.name, column: column, conversion: source.conversion))
        }
        self.conditions = conditions
        bottle = try optional(mapping.bottle)
    }
}

extension RecordColumnPlan.Value {
    fileprivate init(
        _ source: RecordMapping.ValueSource,
        _ place: (String) throws(MissingColumn) -> Int
    ) throws(MissingColumn) {
        gas = source.gas
        column = try place(source.column)
        uncertainty = if let name = source.uncertainty { try place(name) } else { nil }
        unit = source.unit
        flag = if let flag = source.flag { (try place(flag.column), flag.alphabet) } else { nil }
        channel = source.channel
        moistColumn = if case .dry(let name?) = source.channel { try place(name) } else { nil }
    }
}

/// A column that the mapping names and the file has not.
struct MissingColumn: Error {
    let name: String
    var isTwice = false
}
