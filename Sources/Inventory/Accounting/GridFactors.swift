/// Emission factors of the electricity of grids by region and year.
public struct GridFactors: Sendable {
    public struct Record: Hashable, Codable, Sendable {
        /// `national`, `regional`, `provincial` or a variant of the national factor.
        public let level: String
        public let region: String
        public let regionEnglish: String
        /// The region whose grid this one belongs to; empty for the whole country.
        public let within: String
        public let year: Int
        public let kilogramsPerKilowattHour: Double
        public let source: String
        public let note: String
        /// The note in Chinese; empty where the table has none.
        public var chineseNote = ""
        public let place: TablePlace

        public init(
            level: String,
            region: String,
            regionEnglish: String,
            within: String,
            year: Int,
            kilogramsPerKilowattHour: Double,
            source: String,
            note: String,
            place: TablePlace
        ) {
            self.level = level
            self.region = region
            self.regionEnglish = regionEnglish
            self.within = within
            self.year = year
            self.kilogramsPerKilowattHour = kilogramsPerKilowattHour
            self.source = source
            self.note = note
            self.place = place
        }

        var names: [String] { [region, regionEnglish.lowercased()] }
        var isGrid: Bool { ["national", "regional", "provincial"].contains(level) }
    }

    public let records: [Record]

    public init(_ records: [Record]) { self.records = records }

    /// The factor of the smallest grid that has one for the year: the province, then its region, then the country.
    ///
    /// - Throws: ``AccountingError`` with the known years when none is for the year; another year is never taken
    ///   in silence.
    public func record(region: String, year: Int, at place: TablePlace) throws(AccountingError) -> Record {
        var name = Self.plain(region)
        var known: Set<Int> = []
        while !name.isEmpty {
            let here = records.filter { $0.isGrid && $0.names.contains(name) }
            if let found = here.first(where: { $0.year == year }) { return found }
            known.formUnion(here.map(\.year))
            name = here.first?.within.lowercased() ?? ""
        }
        throw AccountingError(.noGridFactor(region: region, year: year, known: known.sorted()), at: place)
    }

    /// `山东省`, `Shandong Province` and `内蒙古自治区` are the names that tables give as `山东`, `shandong`, `内蒙古`.
    private static func plain(_ name: String) -> String {
        var text = name.lowercased().trimmed
        for ending in ["维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市", " province", " municipality"]
        where text.hasSuffix(ending) && text.count > ending.count {
            text.removeLast(ending.count)
            break
        }
        return text
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        let from = drop(while: \.isWhitespace)
        return String(from.reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension AccountingMethod.GridChoice {
    /// The record of a place in the table; nil for one that is not of it.
    func record(at place: TablePlace) -> GridFactors.Record? {
        switch self {
        case .table(let table), .tableOfYear(let table, _): table.records.first { $0.place == place }
        case .fixed(let record): record.place == place ? record : nil
        case .stated: nil
        }
    }
}
