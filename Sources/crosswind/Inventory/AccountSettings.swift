import Formats
import Foundation
import Inventory
import Quantities

/// The command line of an account.
struct AccountSettings: Sendable {
    static let options: [OptionSpecification] = [
        .value("account", "FILE", "make the account of these activities (CSV; columns below)"),
        .value("factors", "SET,...", "factor sets, asked in this order for each gas of a carrier"),
        .value("factor-file", "FILE", "a table of factors of your own, asked before them; may be repeated"),
        .value(
            "boundary",
            "NAME",
            "which total leads: scope1 (default), scope1+imports, or consumption\n"
                + "(exports deducted); all three are printed"
        ),
        .value(
            "grid-factor",
            "YEAR|VALUE",
            "electricity by the table's factors of another year, or by one value\n"
                + "in kg/kWh (by region and year of each row)"
        ),
        .value("grid-region", "NAME", "the region whose grid all rows are on, with a YEAR"),
        .value("grid-source", "TEXT", "where that value comes from; it enters the lineage"),
        .value("gwp", "REPORT", "warming potentials of AR4, AR5 (default) or AR6"),
        .value("monte-carlo", "DRAWS", "the uncertainty by this many draws too, 1000 to 10000000"),
        .value("seed", "N", "of the draws (1)"),
        .value("trend", "FILE", "activities of a base year: change and its uncertainty"),
        .value("balance", "FILE", "supply of fuels, for the reference approach"),
    ]

    let activities: String
    let factorFiles: [String]
    let sets: [String]
    let boundary: AccountBoundary
    let grid: GridFactor?
    let report: AssessmentReport
    let draws: Int?
    let seed: UInt64
    let trend: String?
    let balance: String?

    enum GridFactor: Sendable {
        /// Nil for the region of each row.
        case year(Int, region: String?)
        case value(Double, source: String)
    }

    init(_ options: Options) throws {
        activities = try options.required("account")
        factorFiles = options.texts("factor-file")
        sets = options.texts("factors").flatMap { $0.split(separator: ",").map(String.init) }
        boundary = try Self.boundary(options)
        grid = try Self.grid(options)
        report = try Self.report(options)
        draws = try options.integer("monte-carlo")
        if let draws, !(1000...10_000_000).contains(draws) {
            throw UsageError.badValue(
                "monte-carlo",
                "\(draws)",
                expected: "a number of draws from 1000 to 10000000",
                verb: options.verb
            )
        }
        let seed = try options.integer("seed") ?? 1
        guard let unsigned = UInt64(exactly: seed) else {
            throw UsageError.badValue(
                "seed",
                "\(seed)",
                expected: "a whole number from 0",
                verb: options.verb
            )
        }
        self.seed = unsigned
        if draws == nil, options.isSet("seed") {
            throw UsageError.lacks("seed", needs: "monte-carlo", verb: options.verb)
        }
        trend = options.text("trend")
        balance = options.text("balance")
    }

    /// Files that no output may replace.
    var inputs: [String] { [activities] + factorFiles + [trend, balance].compactMap(\.self) }

    private static func boundary(_ options: Options) throws(UsageError) -> AccountBoundary {
        guard let text = options.text("boundary") else { return .scope1 }
        let names = [
            "scope1": AccountBoundary.scope1, "scope1+imports": .scope1AndImports,
            "consumption": .consumption,
        ]
        guard let boundary = names[text.lowercased()] ?? AccountBoundary(spelling: text) else {
            throw .badValue(
                "boundary",
                text,
                expected: "scope1, scope1+imports or consumption",
                verb: options.verb
            )
        }
        return boundary
    }

    private static func grid(_ options: Options) throws(UsageError) -> GridFactor? {
        let (source, region) = (options.text("grid-source"), options.text("grid-region"))
        guard let text = options.text("grid-factor") else {
            for name in ["grid-source", "grid-region"] where options.isSet(name) {
                throw .lacks(name, needs: "grid-factor", verb: options.verb)
            }
            return nil
        }
        func refuse(_ expected: String) -> UsageError {
            .badValue("grid-factor", text, expected: expected, verb: options.verb)
        }
        if let year = Int(text), (1900...2200).contains(year) {
            guard source == nil else { throw refuse("a value, which alone has a source") }
            return .year(year, region: region)
        }
        guard region == nil else { throw refuse("a year, which alone has a region") }
        // The most that an old lignite plant gives off; a value in g/kWh or t/MWh per thousand is caught here.
        guard let value = Double(text), (0...1.4).contains(value) else {
            throw .badValue(
                "grid-factor",
                text,
                expected: "a year, or kg/kWh from 0 to 1.4",
                verb: options.verb
            )
        }
        return .value(value, source: source ?? "--grid-factor \(text), no source stated")
    }

    private static func report(_ options: Options) throws(UsageError) -> AssessmentReport {
        guard let text = options.text("gwp") else { return .fifth }
        guard let report = AssessmentReport(rawValue: text.lowercased()) else {
            throw .badValue("gwp", text, expected: "AR4, AR5 or AR6", verb: options.verb)
        }
        return report
    }

    /// The folder of the shipped tables.
    static var folder: FactorFolder {
        FactorFolder.standard(
            workingDirectory: FileManager.default.currentDirectoryPath,
            executable: Bundle.main.executablePath ?? CommandLine.arguments[0]
        )
    }

    /// How the account is made.
    func method(_ folder: FactorFolder) throws -> AccountingMethod {
        guard !sets.isEmpty || !factorFiles.isEmpty else {
            throw AccountingError(
                .unusable(
                    "no factor set is chosen",
                    remedy: "name some with --factors: \(folder.setNames.joined(separator: ", "))"
                ),
                at: TablePlace(file: activities)
            )
        }
        return try folder.method(sets: factorFiles + sets, report: report, grid: try choice(folder))
    }

    private func choice(_ folder: FactorFolder) throws(AccountingError) -> AccountingMethod.GridChoice? {
        switch grid {
        case .year(let year, let region?):
            let place = TablePlace(file: "--grid-region \(region)")
            return .fixed(try folder.gridFactors().record(region: region, year: year, at: place))
        case .year(let year, nil): return .tableOfYear(try folder.gridFactors(), year)
        case .value(let value, let source):
            return .stated(kilogramsPerKilowattHour: value, source: source)
        case nil: return nil
        }
    }
}
