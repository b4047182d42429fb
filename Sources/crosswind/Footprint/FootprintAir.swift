import Formats
import Foundation
import Quantities
import Transport

/// Receptors that are followed together, with their columns in the air of the weather.
struct PlacedBatch: Sendable {
    let receptors: [Receptor]
    /// Among those of the user.
    let places: [Int]
    /// How many receptors the run has.
    let ofAll: Int
}

/// Goes through the weather of a run with the receptors that need it, in the order of time: no more hours are in memory
/// at once than fit.
struct FootprintAir {
    private let settings: FootprintSettings
    private let weather: FootprintWeather
    private let plans: [ReceptorPlan]
    private let batches: [ReceptorBatch]
    /// That may be in memory at once.
    private let mostHours: Int
    private let bytesPerHour: Int
    private(set) var window: WeatherWindow
    private var columns = PlacedColumns()
    private var done = 0

    /// - Throws: `DispersionError` for receptors that cannot be followed; what reading an hour throws.
    init(_ settings: FootprintSettings, _ weather: FootprintWeather, _ plans: [ReceptorPlan]) async throws {
        self.settings = settings
        self.weather = weather
        self.plans = plans
        let receptors = plans.map(\.receptor)
        let hasErrors = settings.errors != nil
        var window = try await weather.window(
            settings.scheme.design,
            keepsStates: hasErrors || plans.contains(where: \.isColumn)
        )
        try ParticleRun.check(receptors, settings.dispersion, window.atmosphere)
        // Other weather of the same hours stands beside that of the files.
        bytesPerHour = window.bytesPerHour * (hasErrors ? 2 : 1)
        mostHours = settings.weatherBytes / max(1, bytesPerHour)
        batches = ReceptorBatch.batches(
            of: receptors.map { window.hours(of: $0, settings.dispersion) },
            mostHours: mostHours,
            // A table of particles is written as they come.
            keepsOrder: settings.particles != nil
        )
        window.reserve(hours: batches.map(\.hours.count).max() ?? 0)
        self.window = window
    }

    /// The next receptors, with the weather they need; nil when all are done.
    mutating func next(_ progress: StepProgress) async throws -> PlacedBatch? {
        guard done < batches.count else { return nil }
        let batch = batches[done]
        try await weather.move(&window, to: batch.hours, progress)
        done += 1
        return PlacedBatch(
            receptors: batch.receptors.map { columns.receptor(plans[$0], at: $0, in: window) },
            places: batch.receptors,
            ofAll: plans.count
        )
    }

    /// Among those of the user, in the order they are followed in.
    var places: [Int] { batches.flatMap(\.receptors) }

    var remarks: [FootprintRemark] {
        guard let large = batches.first(where: { $0.hours.count > mostHours }) else { return columns.remarks }
        let mebibytes = Double(large.hours.count * bytesPerHour) / 1_048_576
        let name = plans[large.receptors[0]].receptor.name
        return columns.remarks + [.muchWeather(name, times: large.hours.count, mebibytes: mebibytes)]
    }
}

extension ReceptorPlan {
    fileprivate var isColumn: Bool { if case .column = self { true } else { false } }
}

/// What there is to say of columns in the air of the weather.
private struct PlacedColumns {
    /// By the place of the receptor.
    private var standard: [Int: String] = [:]
    private var apart: [Int: (name: String, hectopascals: Double)] = [:]

    /// Of the ground of a quarter of a degree against that of a sounding.
    private static let usualHectopascals = 20.0

    mutating func receptor(_ plan: ReceptorPlan, at place: Int, in window: WeatherWindow) -> Receptor {
        guard plan.isColumn else { return plan.receptor }
        let meteorology = window.meteorology
        let name = plan.receptor.name
        apart[place] = plan.groundDifferencePascal(in: meteorology).map { (name, $0 / 100) }
        guard let placed = plan.receptor(in: meteorology) else {
            standard[place] = name
            return plan.receptor
        }
        return placed
    }

    /// In the order of the receptors of the user.
    var remarks: [FootprintRemark] {
        var remarks: [FootprintRemark] = []
        if let first = standard.min(by: { $0.key < $1.key })?.value {
            remarks.append(.standardAtmosphere(count: standard.count, first: first))
        }
        let worst = apart.sorted { $0.key < $1.key }.map(\.value)
            .max { abs($0.hectopascals) < abs($1.hectopascals) }
        if let worst, abs(worst.hectopascals) > Self.usualHectopascals {
            remarks.append(.groundDiffers(column: worst.name, hectopascals: worst.hectopascals))
        }
        return remarks
    }
}
