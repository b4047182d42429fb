import Inventory
import Quantities
public import Tracing

/// How a table of wind counts angles.
public enum WindAngle: String, CaseIterable, Sendable {
    /// Whence it blows, clockwise from north, as meteorologists do.
    case from
    /// Whither it blows, clockwise from north.
    case to
    /// Whither it blows, counter-clockwise from east, as mathematicians do.
    case math
    /// Whence it blows, counter-clockwise from east.
    case mathFrom = "math-from"

    /// Whence it blows, degrees clockwise from north.
    func windFrom(_ given: Double) -> Double {
        switch self {
        case .from: given
        case .to: given + 180
        case .math: 270 - given
        case .mathFrom: 90 - given
        }
    }

    /// How angles are counted that, read like this, give a wind that has to be changed.
    public func corrected(by change: WindDoubt.Change) -> WindAngle {
        let order: [WindAngle] = [.from, .to, .math, .mathFrom]
        let steps: [WindDoubt.Change: Int] = [.reversed: 1, .exchangedAndReversed: 2, .exchanged: 3]
        guard let place = order.firstIndex(of: self), let step = steps[change] else { return self }
        // Changes are their own inverses, and any two of them make the third: the sum without carry.
        return order[place ^ step]
    }
}

extension TraceTables {
    /// The wind of a site.
    public struct Wind: Sendable {
        public let steps: [WindRecord.Step]
        /// Rows that were passed over because a value is blank.
        public let blank: Int
        /// Nil for components.
        public let angle: WindAngle?
    }

    private static let polar = ["wind_speed_m_s", "wind_from_deg"]
    private static let components = ["wind_east_m_s", "wind_north_m_s"]

    /// From components, or from speed and angle.
    ///
    /// - Parameter angle: how angles are counted; nil for whence the wind blows, clockwise from north.
    /// - Throws: ``TableError``, also where an angle is given for components.
    public static func wind(_ file: String, angle: WindAngle? = nil) throws(TableError) -> Wind {
        let table = try windTable(file)
        let columns = isInComponents(table) ? components : polar
        guard columns == polar || angle == nil else {
            throw TableError(
                file: file,
                line: 1,
                reason: "the wind is in components, without angles to count",
                remedy: "leave --wind-angle out, or the components"
            )
        }
        let rows = table.rows.filter { row in columns.allSatisfy(row.isFilled) }
        let steps = try rows.map { row throws(TableError) in
            columns == polar ? try polarStep(row, angle ?? .from) : try componentStep(row)
        }
        guard !steps.isEmpty else { throw noRows(file, "wind") }
        return Wind(
            steps: steps,
            blank: table.rows.count - steps.count,
            angle: columns == polar ? angle ?? .from : nil
        )
    }

    private static func isInComponents(_ table: CSVTable) -> Bool {
        table.header.contains { components.contains($0.lowercased()) }
    }

    private static func windTable(_ file: String) throws(TableError) -> CSVTable {
        let bytes = try TableBytes.read(file)
        let any = try table(bytes, file, ["time"], optional: polar + components)
        return try table(bytes, file, ["time"] + (isInComponents(any) ? components : polar))
    }

    private static func polarStep(_ row: TableRow, _ angle: WindAngle) throws(TableError) -> WindRecord.Step {
        let speed = try row.number(polar[0], in: 0...150, "m/s from 0 to 150")
        let given = try row.number(polar[1], in: -360...720, "degrees from -360 to 720")
        return WindRecord.Step(
            time: try row.instant("time"),
            windSpeed: speed,
            windFromDegrees: angle.windFrom(given)
        )
    }

    private static func componentStep(_ row: TableRow) throws(TableError) -> WindRecord.Step {
        let east = try row.number(components[0], in: -150...150, "m/s from -150 to 150")
        let north = try row.number(components[1], in: -150...150, "m/s from -150 to 150")
        return WindRecord.Step(time: try row.instant("time"), velocity: SIMD2(east, north))
    }
}
