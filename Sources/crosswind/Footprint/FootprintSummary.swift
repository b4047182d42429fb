import Formats
import Foundation
import Geo
import Quantities
import Transport

/// What `crosswind footprint` prints.
struct FootprintSummary {
    let outcome: FootprintOutcome
    let settings: FootprintSettings

    /// The keys of `--json`; they stay as they are.
    struct Object: Encodable {
        struct Row: Encodable {
            let name: String
            let time: Instant
            let points: Int
            /// Of the cells, ppm per umol m-2 s-1.
            let sum: Double
            let cells: Int
            /// Of the particles, by weight: those that left the weather before their hours were up.
            let shareLeft: Double
            /// Of the influence of all particles: what lies outside of the grid and is not in the sum.
            let shareOutside: Double
            /// Weight of a column above its highest point.
            let remainderWeight: Double
            /// Why there is no cell; absent where there are some.
            let empty: String?
            /// Of the particles, by weight: those that left the grid for good; absent for runs
            /// forward and grids in a plane.
            let closure: Double?
            /// Absent without a curtain.
            let background: BackgroundRow?
            /// Absent without fluxes.
            let enhancement: Enhancement?
            /// Absent without members.
            let transport: Spread?
        }

        struct Enhancement: Encodable {
            /// Absent where the footprint met no known flux at all.
            let partsPerMillion: Double?
            /// Part of the sum of the footprint that met no known flux.
            let missingShare: Double
            /// Absent without members.
            let transport: Spread?
        }

        struct Spread: Encodable {
            let members: Int
            let mean: Double
            let memberDeviation: Double
            let particleDeviation: Double?
            let transportDeviation: Double
            let standardError: Double?
        }

        let receptors: [Row]
        let grid: String
        let hours: Double
        let particles: Int
        let seed: UInt64
        let direction: String
        let meteorology: MeteorologySummary
        let seconds: Double
        let isSparse: Bool?
        let warnings: [String]
        let output: String
    }

    private var warnings: [String] { FootprintCaveats(outcome, settings).all.map(\.english) }

    var object: Object {
        let rows = outcome.results.map { result in
            Object.Row(
                name: result.receptor.name,
                time: result.receptor.time,
                points: result.receptor.points.count,
                sum: result.account.griddedInfluence,
                cells: result.cells,
                shareLeft: result.shareLeft,
                shareOutside: result.account.shareOutside,
                remainderWeight: result.receptor.remainderWeight,
                empty: result.emptiness?.reason,
                closure: result.closure,
                background: result.background,
                enhancement: result.enhancement.map { enhancement in
                    Object.Enhancement(
                        partsPerMillion: enhancement.known,
                        missingShare: enhancement.missingShare,
                        transport: result.enhancementSpread.map(Self.spread)
                    )
                },
                transport: result.spread.map(Self.spread)
            )
        }
        return Object(
            receptors: rows,
            grid: settings.grid.name,
            hours: settings.dispersion.hours,
            particles: settings.dispersion.particles,
            seed: settings.dispersion.seed,
            direction: settings.dispersion.direction.rawValue,
            meteorology: outcome.meteorology,
            seconds: outcome.seconds,
            isSparse: outcome.written?.isSparse,
            warnings: warnings,
            output: settings.output
        )
    }

    private static func spread(_ spread: TransportSpread) -> Object.Spread {
        Object.Spread(
            members: spread.members,
            mean: spread.mean,
            memberDeviation: spread.memberDeviation,
            particleDeviation: spread.particleDeviation,
            transportDeviation: spread.transportDeviation,
            standardError: spread.standardError
        )
    }

    var lines: [String] {
        let sums = outcome.results.map(\.account.griddedInfluence).sorted()
        let weather = outcome.meteorology
        let span = [weather.first, weather.last].compactMap { $0.map { "\($0)" } }.joined(separator: " to ")
        let rate = outcome.seconds > 0 ? Double(sums.count) / outcome.seconds : 0
        var rows = [
            ("receptors", "\(sums.count)"),
            ("weather", weather.sources.joined(separator: ", ")),
            ("", "\(weather.times) times, \(span)"), ("mixing height", weather.boundaryLayer.rawValue),
            (
                "particles",
                "\(settings.dispersion.particles) of each, \(settings.dispersion.hours) hours "
                    + settings.dispersion.direction.rawValue
            ),
            ("grid", "\(settings.grid.name), \(settings.grid.grid.cellCount) cells"),
            ("took", "\(Figure.text(outcome.seconds, 1)) s, \(Figure.text(rate, 2)) receptors a second"),
        ]
        if let least = sums.first, let most = sums.last {
            let text = least == most ? Self.text(least) : "\(Self.text(least)) to \(Self.text(most))"
            rows.append(("sums", text + " ppm per umol m-2 s-1"))
        }
        rows += warnings.map { ("warning", $0) }
        rows += ([settings.output] + [settings.particles, settings.page].compactMap(\.self)).map {
            ("written", $0)
        }
        let lines = rows.map { $0.0 + String(repeating: " ", count: max(1, 14 - $0.0.count)) + $0.1 }
        return lines + table
    }

    /// Receptor by receptor, where there are not too many to read.
    private var table: [String] {
        guard outcome.results.count <= 40 else { return [] }
        let columns = columns
        let rows = outcome.results.map { result in
            [result.receptor.name, "\(result.receptor.time)"] + columns.map { $0.value(result) }
        }
        let header = ["receptor", "time"] + columns.map(\.title)
        return [""] + AlignedTable.text(header: header, rows: rows).split(separator: "\n").map(String.init)
            + [""] + columns.compactMap { column in column.share.map { "\(column.title): \($0)" } }
    }

    private struct Column {
        let title: String
        /// Of what a percentage is a share.
        var share: String?
        let value: (FootprintOutcome.Result) -> String
    }

    private var columns: [Column] {
        var columns = [Column(title: "sum") { Self.text($0.account.griddedInfluence) }]
        func add(_ title: String, _ value: @escaping (FootprintOutcome.Result) -> Double?) {
            guard outcome.results.contains(where: { value($0) != nil }) else { return }
            columns.append(Column(title: title) { value($0).map(Self.text) ?? "" })
        }
        add("transport", \.spread?.transportDeviation)
        add("ppm", \.enhancement?.known)
        add("+-", \.enhancementSpread?.transportDeviation)
        add("background", \.background?.partsPerMillion)
        return columns + shares
    }

    private var shares: [Column] {
        var columns: [Column] = []
        func percent(
            _ title: String,
            _ share: String,
            _ value: @escaping (FootprintOutcome.Result) -> Double?
        ) {
            guard outcome.results.contains(where: { value($0) != nil }) else { return }
            columns.append(
                Column(title: title, share: share) { value($0).map { AlignedTable.fixed($0 * 100, 1) } ?? "" }
            )
        }
        func some(_ value: Double?) -> Double? { value.flatMap { $0 > 0 ? $0 : nil } }
        percent("no flux %", "of the sum of the footprint, what met no known flux") {
            some($0.enhancement?.missingShare)
        }
        percent("no curtain %", "of the particles that left the grid, those that met no known mole fraction")
        {
            some($0.background?.missingShare)
        }
        percent("left weather %", "of the particles, those that left the weather before their hours were up")
        {
            $0.shareLeft
        }
        percent("left grid %", "of the particles, those that left the grid for good") { $0.closure }
        percent("influence off grid %", "of the influence of all particles, what lies beside the grid") {
            $0.account.shareOutside
        }
        return columns
    }

    private static func text(_ value: Double) -> String { String(format: "%.4g", value) }
}
