import Foundation
import Quantities

/// The index of one time in an ARL packed file: its grid and the records that follow.
struct ARLIndex: Equatable, Sendable {
    /// A record of the time.
    struct Field: Equatable, Sendable {
        let name: String
        let checksum: Int
        /// In the file, from 0.
        let record: Int
    }

    struct Level: Equatable, Sendable {
        /// In the unit of the vertical coordinate.
        let value: Double
        let fields: [Field]

        func field(_ names: [String]) -> Field? {
            for name in names {
                if let field = fields.first(where: { $0.name == name }) { return field }
            }
            return nil
        }
    }

    /// What the levels are given in.
    enum Vertical: Int, Sendable {
        /// Share of surface pressure above an offset.
        case sigma = 1
        /// hPa.
        case pressure = 2
        /// m above ground.
        case height = 3
        /// Whole hPa, and a share of surface pressure behind the point.
        case hybrid = 4
        /// Numbers of levels of WRF, whose pressure is a field of its own.
        case weatherResearch = 5
    }

    let time: Instant
    let model: String
    let geometry: ARLGeometry
    let vertical: Vertical
    /// hPa, of sigma levels.
    let pressureOffset: Double
    /// The surface first.
    let levels: [Level]
    /// Records from this index to the next.
    let recordCount: Int

    /// Bytes of the part that every index has.
    static let fixedBytes = 108
}

/// Reads an index from the records that hold it.
struct ARLIndexParser {
    /// What cannot be read, in a few words.
    struct Problem: Error, Equatable {
        let what: String
    }

    let label: ARLLabel
    private(set) var columns = 0
    private(set) var rows = 0
    private(set) var byteCount = 0
    private var levelCount = 0
    private var vertical = ARLIndex.Vertical.pressure
    private var numbers: [Double] = []
    private var model = ""
    private var minute = 0

    /// - Parameter fixed: the 108 bytes behind the label.
    init(_ label: ARLLabel, fixed: ArraySlice<UInt8>) throws(Problem) {
        self.label = label
        var text = ARLText(fixed)
        guard let model = text.text(4), text.integer(3) != nil, let minute = text.integer(2) else {
            throw Problem(what: "the index does not begin with a model and a time")
        }
        (self.model, self.minute) = (model.trimmingCharacters(in: .whitespaces), minute)
        for _ in 0..<12 {
            guard let number = text.number(7) else { throw Problem(what: "the grid is not given in numbers") }
            numbers.append(number)
        }
        guard let columns = text.integer(3), let rows = text.integer(3), let levels = text.integer(3),
            let kind = text.integer(2), let byteCount = text.integer(4)
        else { throw Problem(what: "the size of the grid is not given in numbers") }
        self.columns = columns + label.thousands.columns
        self.rows = rows + label.thousands.rows
        (levelCount, self.byteCount) = (levels, byteCount)
        guard let vertical = ARLIndex.Vertical(rawValue: kind) else {
            throw Problem(what: "the vertical coordinate \(kind) is none of 1 to 5")
        }
        self.vertical = vertical
        guard (2...60_000).contains(self.columns), (2...60_000).contains(self.rows),
            (2...999).contains(levels),
            byteCount >= ARLIndex.fixedBytes, byteCount <= 9999
        else { throw Problem(what: "the size of the grid or of the index is impossible") }
    }

    /// Bytes of a record without its label.
    var cells: Int { columns * rows }
    /// Records that the index takes.
    var indexRecords: Int { (byteCount + cells - 1) / cells }

    /// - Parameters:
    ///   - listing: what follows the fixed part.
    ///   - record: number of the first record of the index.
    func index(listing: ArraySlice<UInt8>, record: Int) throws(Problem) -> ARLIndex {
        var text = ARLText(listing)
        var levels: [ARLIndex.Level] = []
        var next = record + indexRecords
        for number in 0..<levelCount {
            guard let value = text.number(6), let count = text.integer(2), count >= 0 else {
                throw Problem(what: "level \(number) of the index cannot be read")
            }
            var fields: [ARLIndex.Field] = []
            for _ in 0..<count {
                guard let name = text.text(4), let checksum = text.integer(3), text.text(1) != nil else {
                    throw Problem(what: "the variables of level \(number) of the index cannot be read")
                }
                let name4 = name.trimmingCharacters(in: .whitespaces)
                fields.append(ARLIndex.Field(name: name4, checksum: checksum, record: next))
                next += 1
            }
            levels.append(ARLIndex.Level(value: value, fields: fields))
        }
        return ARLIndex(
            time: try time(),
            model: model,
            geometry: ARLGeometry(numbers: numbers, columns: columns, rows: rows),
            vertical: vertical,
            pressureOffset: numbers[11],
            levels: levels,
            recordCount: next - record
        )
    }

    /// Two digits of the year: the model keeps 1940 to 2039 apart.
    private func time() throws(Problem) -> Instant {
        let civil = CivilTime(
            year: label.year < 40 ? 2000 + label.year : 1900 + label.year,
            month: label.month,
            day: label.day,
            hour: label.hour,
            minute: minute
        )
        guard civil.isValid else { throw Problem(what: "the time of the index is none") }
        return Instant(civil)
    }
}
