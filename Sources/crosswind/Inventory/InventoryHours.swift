import Concurrent
import Formats
import Foundation
import Inventory
import Quantities

/// The use of `crosswind inventory` that divides a yearly or monthly emission over its hours.
struct InventoryHours: Sendable {
    static let options: [OptionSpecification] = [
        .flag("hours", "divide the emission of FILE over the hours of its periods, by --profile"),
        .value(
            "profile",
            "FILE,...",
            "profiles of month, weekday, hour, hour of week; each a table whose\n"
                + "first column names its rows"
        ),
        .value("profile-id", "NAME,...", "which row of the tables: one for all, or one for each"),
        .value("utc-offset", "HOURS", "local time everywhere; by default by the sun, in whole hours"),
    ]

    let reading: GriddedReading
    let profiles: [String]
    let ids: [String]
    let secondsAhead: Double?

    init(_ options: Options) throws {
        reading = try GriddedReading(options)
        profiles = try options.required("profile").split(separator: ",").map(String.init)
        ids = (options.text("profile-id") ?? "").split(separator: ",").map(String.init)
        guard !profiles.isEmpty else {
            throw UsageError.badValue("profile", "", expected: "a list of files", verb: options.verb)
        }
        guard ids.count <= 1 || ids.count == profiles.count else {
            throw UsageError.badValue(
                "profile-id",
                ids.joined(separator: ","),
                expected: "one name, or one for each of \(profiles.count) files",
                verb: options.verb
            )
        }
        let hours = try options.number("utc-offset")
        if let hours, !(-12...14).contains(hours) || (hours * 4) != (hours * 4).rounded() {
            throw UsageError.badValue(
                "utc-offset",
                "\(hours)",
                expected: "hours from -12 to 14, in quarters",
                verb: options.verb
            )
        }
        secondsAhead = hours.map { $0 * 3600 }
    }

    func run(_ output: InventoryOutput) async throws {
        let chosen = try profiles.enumerated().map { place, file in
            try Self.profile(file, id: ids.count == 1 ? ids[0] : ids.isEmpty ? nil : ids[place])
        }
        let cycle = try ActivityCycle(chosen)
        let product = try await reading.read()
        try reading.requireTotals(product)
        let (path, secondsAhead) = (reading.paths[0], secondsAhead)
        let amounts = try await onOwnThread(named: "hours") {
            try product.fields.map { field throws(InventoryFault) in
                guard let amounts = HourlyAmounts(field, cycle, secondsAhead: secondsAhead) else {
                    throw .noHours(path: path)
                }
                guard amounts.factors != nil else { throw .noEmission(path: path) }
                return amounts
            }
        }
        let summary = HoursSummary(
            product,
            amounts,
            profiles: chosen,
            clock: secondsAhead.map { HoursSummary.clock(hours: $0 / 3600) }
        )
        let results = InventoryResults(
            name: "hours",
            tables: summary.tables,
            text: { summary.text($0) },
            json: { try JSONSummary.text(summary.naming($0)) }
        )
        try results.tell(output, inputs: reading.paths + profiles)
    }

    /// The row of a table that is meant, which only a table of one row tells by itself.
    private static func profile(_ file: String, id: String?) throws -> TemporalProfile {
        let rows = try ProfileFile.temporal(file)
        guard let id else {
            guard rows.count == 1 else {
                let shown = rows.prefix(5).map(\.id).joined(separator: ", ")
                throw TableError(
                    file: file,
                    reason: "it holds \(rows.count) profiles (\(shown)...); say which with --profile-id"
                )
            }
            return rows[0]
        }
        guard let found = rows.first(where: { $0.id == id }) else {
            let hint = nearest(to: id, among: rows.map(\.id)).map { "; is it `\($0)`?" } ?? ""
            throw TableError(file: file, reason: "no profile `\(id)`\(hint)")
        }
        return found
    }
}

/// Hours of a field, for programs and for people.
struct HoursSummary: Encodable {
    struct Profile: Encodable {
        let id: String
        let kind: TemporalProfile.Kind
    }

    struct Period: Encodable {
        let start: Instant
        let end: Instant
        let totalTonnes: Double
        let sumOfHoursTonnes: Double
        let relativeResidual: Double
        /// Of the product of the profiles, before it was divided out.
        let leastMeanBefore: Double
        let greatestMeanBefore: Double
        /// From the start of the period in UTC.
        let factors: [Double]

        init(_ amounts: HourlyAmounts) {
            start = amounts.period.start
            end = amounts.period.end
            totalTonnes = amounts.totalTonnes
            sumOfHoursTonnes = amounts.tonnes.reduce(0, +)
            relativeResidual = amounts.relativeResidual
            leastMeanBefore = amounts.meanBefore.lowerBound
            greatestMeanBefore = amounts.meanBefore.upperBound
            factors = amounts.factors ?? []
        }
    }

    let product: String
    let gas: Gas
    let profiles: [Profile]
    /// `by the sun`, or an offset from UTC.
    let localTime: String
    let periods: [Period]
    var outputs: [String] = []
    let software = "crosswind \(Version.current)"
    private let amounts: [HourlyAmounts]

    enum CodingKeys: String, CodingKey {
        case product, gas, profiles, localTime, periods, outputs, software
    }

    init(_ product: FluxProduct, _ amounts: [HourlyAmounts], profiles: [TemporalProfile], clock: String?) {
        self.product = product.fields[0].source
        gas = product.fields[0].gas
        self.profiles = profiles.map { Profile(id: $0.id, kind: $0.kind) }
        localTime = clock ?? "by the sun"
        periods = amounts.map(Period.init)
        self.amounts = amounts
    }

    static func clock(hours: Double) -> String { "UTC" + (hours < 0 ? "" : "+") + AmountFigure.exact(hours) }

    func naming(_ outputs: [String]) -> HoursSummary {
        var copy = self
        copy.outputs = outputs
        return copy
    }

    var tables: [ReadableTable] {
        let id = profiles.map(\.id).joined(separator: " x ")
        var lines = ["start_utc,factor,tonnes,profile,local_time"]
        for amount in amounts {
            let factors = amount.factors ?? []
            for hour in amount.tonnes.indices {
                let start = amount.period.start.advanced(bySeconds: 3600 * Double(hour))
                lines.append("\(start),\(factors[hour]),\(amount.tonnes[hour]),\(csvField(id)),\(localTime)")
            }
        }
        var hours = ReadableTable(
            id: "hours",
            title: LocalizedName(english: "hours", chinese: "逐小时"),
            columns: [],
            rows: []
        )
        hours.ownCSV = lines.joined(separator: "\n") + "\n"
        return [hours, periodTable]
    }

    private var periodTable: ReadableTable {
        ReadableTable(
            id: "hour-sums",
            title: LocalizedName(english: "sums of the hours", chinese: "逐小时之和"),
            columns: [
                .init("start", "from", "起"), .init("end", "to", "止"), .init("hours", "hours", "小时数"),
                .init("total", "total", "总量", isMass: true),
                .init("sum_of_hours", "sum of hours", "逐小时之和", isMass: true),
                .init("relative_residual", "difference / total", "差/总量"),
                .init("least", "least factor", "最小系数"), .init("greatest", "greatest", "最大系数"),
            ],
            rows: periods.map { period in
                [
                    .text("\(period.start)"), .text("\(period.end)"), .text("\(period.factors.count)"),
                    .mass(period.totalTonnes, halfWidth: nil),
                    .mass(period.sumOfHoursTonnes, halfWidth: nil), .number(period.relativeResidual),
                    .number(period.factors.min()), .number(period.factors.max()),
                ]
            }
        )
    }

    func text(_ language: Language) -> String {
        let words = profiles.map { "\($0.id) (\($0.kind.rawValue.replacing("_", with: " ")))" }
            .joined(separator: ", ")
        let head = LocalizedName(
            english: "\(gas.formula) of \(product) by the hour: \(words), local time \(localTime)",
            chinese:
                "\(product)的\(gas.formula)逐小时排放: \(words), 地方时\(localTime == "by the sun" ? "按太阳时" : localTime)"
        )
        let largest = periods.map { abs($0.totalTonnes) }.max() ?? 0
        let hours = LocalizedName(
            english: "The factors stand in hours.csv of --output, and in --json.",
            chinese: "逐小时系数见--output中的hours.csv及--json。"
        )
        return [
            head[language], periodTable.text(language, MassScale(largest: largest, language: language)),
            hours[language],
        ].joined(separator: "\n")
    }
}
