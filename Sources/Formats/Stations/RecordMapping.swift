public import CSV
import Observations
public import Quantities

/// How a recorded file becomes messages: which column or variable is what.
public struct RecordMapping: Equatable, Sendable {
    public enum Format: String, Codable, CaseIterable, Sendable {
        case csv
        case netCDF = "netcdf"
        /// The user log of a Picarro analyser, `...-DataLog_User.dat`.
        case picarro
    }

    /// Where the station of a row is named.
    public enum StationSource: Equatable, Sendable {
        /// All rows belong to one station.
        case constant(String)
        /// A column (CSV) with the identifier of the station.
        case column(String)
        /// A variable (netCDF) with an index into another that lists the identifiers.
        case index(variable: String, names: String)
    }

    /// The columns of the time, joined by one blank, and how to read them.
    public struct TimeSource: Equatable, Sendable {
        public let columns: [String]
        public let format: RecordTimeFormat
    }

    /// The column of a gas and those that belong to it.
    public struct ValueSource: Equatable, Sendable {
        public let gas: Gas
        public let column: String
        /// Column of the standard uncertainty, in the same unit.
        public let uncertainty: String?
        /// Nil for the unit of the instrument, unless the file itself states another.
        public let unit: MoleFractionUnit?
        public let flag: FlagSource?
        public var channel = Channel.unnamed
    }

    /// What is known of a channel of an analyser whose log we know.
    public enum Channel: Equatable, Sendable {
        case unnamed
        /// Corrected for water vapour by the analyser. Zero is what it writes for a gas it does not measure; then
        /// the column of the moist channel is looked at.
        case dry(otherwise: String?)
        /// Not corrected; zero as above.
        case wet
    }

    /// The column of a flag that the source has set, and its alphabet.
    public struct FlagSource: Equatable, Sendable {
        public let column: String
        public let alphabet: RecordedFlags
    }

    /// Columns of a moving platform.
    public struct PositionSource: Equatable, Sendable {
        public let longitude: String
        public let latitude: String
        public let altitude: String?
        public let accuracy: String?
        public let satellites: String?
        public let speed: String?
    }

    /// A quantity that an instrument reports of itself, its name in the message and its column.
    public struct StateSource: Equatable, Sendable {
        public let name: String
        public let column: String
    }

    /// A quantity of weather or fix (``Conditions/commonNames``), its column and how to have it in our unit.
    public struct ConditionSource: Equatable, Sendable {
        public let name: String
        public let column: String
        public let conversion: LinearConversion
    }

    /// How the text of a file is laid out.
    public struct Layout: Equatable, Sendable {
        public var dialect = CSVDialect.commas
        public var decimalMark = UInt8(ascii: ".")
        /// Lines before the header, or before the first row where ``columns`` are given.
        public var skippedLines = 0
        /// Names of the columns of a file whose own header cannot be used; nil for its header line.
        public var columns: [String]?
        /// Numbers that stand for a missing value.
        public var missingNumbers: [Double] = []
        /// Words that stand for a missing value, beside the usual ones; lower case.
        public var missingWords: [String] = []

        public init() {}
    }

    public internal(set) var format: Format
    public internal(set) var layout: Layout
    /// Without columns where the format knows them.
    public internal(set) var time: TimeSource
    public internal(set) var station: StationSource
    public internal(set) var values: [ValueSource]
    public internal(set) var position: PositionSource?
    public internal(set) var state: [StateSource]
    public internal(set) var conditions: [ConditionSource]
    /// Column with the identifier of the bottle that is measured; empty there for air.
    public internal(set) var bottle: String?
}
