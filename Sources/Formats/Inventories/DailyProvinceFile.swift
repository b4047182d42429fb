import Inventory
import Quantities

/// Daily emissions of provinces and sectors (Cui et al. 2022): `date, iso_3166_2, sector, mt_co2_per_day`.
public struct DailyProvinceFile: Sendable {
    public struct Day: Hashable, Sendable {
        public let date: String
        public let region: String
        public let sector: String
        public let tonnesCO2: Double
    }

    /// What a reader should know before the numbers are used.
    public enum Warning: Hashable, Sendable {
        /// Days that stand twice or more for a region and sector.
        case duplicates(sector: String, days: Int, firstDate: String, line: Int)
        /// Days between the first and the last that are not there, the same for every region of the sector.
        case missing(sector: String, dates: [String])

        public var words: String {
            switch self {
            case .duplicates(let sector, let days, let date, let line):
                "\(sector): \(days) days stand twice, first \(date) in line \(line); the dates of one year may have "
                    + "been written over those of another"
            case .missing(let sector, let dates):
                "\(sector): \(dates.joined(separator: ", ")) missing; if a leap day was left out, dates after it are "
                    + "uncertain by one day"
            }
        }
    }

    public let days: [Day]
    public let warnings: [Warning]

    /// - Throws: ``TableError`` with line and column.
    public init(_ path: String) throws(TableError) {
        let table = try CSVTable(inventory: path)
        let (date, region) = (try table.column("date"), try table.column("iso_3166_2", "region"))
        let (sector, amount) = (try table.column("sector"), try table.column("mt_co2_per_day"))
        var days: [Day] = []
        days.reserveCapacity(table.rows.count)
        var gathered: [String: SectorDays] = [:]
        for row in table.rows {
            guard Instant(iso8601: row.fields[date] + "T00:00:00Z") != nil else {
                throw table.error(row, date, "`\(row.fields[date])` is no date")
            }
            let day = Day(
                date: row.fields[date],
                region: row.fields[region],
                sector: row.fields[sector],
                tonnesCO2: 1e6 * (try table.number(row, amount))
            )
            days.append(day)
            gathered[day.sector, default: SectorDays()].add(day, line: row.place.line)
        }
        self.days = days
        warnings = gathered.keys.sorted().flatMap { name in gathered[name]?.warnings(name) ?? [] }
    }

    /// Tonnes of a sector by region in a year.
    public func tonnes(sector: String, year: Int) -> [String: Double] {
        var totals: [String: Double] = [:]
        for day in days where day.sector == sector && day.date.hasPrefix("\(year)-") {
            totals[day.region, default: 0] += day.tonnesCO2
        }
        return totals
    }

    /// Days of a sector in a year, of the region that has the most.
    public func dayCount(sector: String, year: Int) -> Int {
        var counts: [String: Int] = [:]
        for day in days where day.sector == sector && day.date.hasPrefix("\(year)-") {
            counts[day.region, default: 0] += 1
        }
        return counts.values.max() ?? 0
    }
}

/// The dates of one sector.
private struct SectorDays {
    private var seen: Set<String> = []
    private var dates: Set<String> = []
    private var duplicates: Set<String> = []
    private var first: (date: String, line: Int)?

    mutating func add(_ day: DailyProvinceFile.Day, line: Int?) {
        dates.insert(day.date)
        guard !seen.insert("\(day.date) \(day.region)").inserted else { return }
        duplicates.insert(day.date)
        if first == nil { first = (day.date, line ?? 0) }
    }

    func warnings(_ sector: String) -> [DailyProvinceFile.Warning] {
        var found: [DailyProvinceFile.Warning] = []
        if let first {
            found.append(
                .duplicates(sector: sector, days: duplicates.count, firstDate: first.date, line: first.line)
            )
        }
        let missing = missingDates
        if !missing.isEmpty { found.append(.missing(sector: sector, dates: missing)) }
        return found
    }

    /// Up to the end of the last year: a year that lacks its last day has lost one.
    private var missingDates: [String] {
        guard let first = dates.min(), let last = dates.max(),
            var day = Instant(iso8601: first + "T00:00:00Z"),
            let end = Instant(iso8601: last.prefix(4) + "-12-31T00:00:00Z")
        else { return [] }
        var missing: [String] = []
        while day <= end, missing.count < 1000 {
            let date = String("\(day)".prefix(10))
            if !dates.contains(date) { missing.append(date) }
            day = day.advanced(bySeconds: 86_400)
        }
        return missing
    }
}
