import Archive
import Foundation
import Observations
import Quantities

/// The fits that the store keeps, and the checks against target bottles.
enum CalibrationTable {
    fileprivate struct Row {
        let name: SeriesName
        let fit: CalibrationRow
        let detail: Detail?
    }

    /// What the store says of a fit besides its coefficients.
    fileprivate struct Detail: Decodable {
        let names: [String]
        let rmse_ppm: Double
        let count: Int
        let remark: String
        let beyond_limit: Bool
    }

    /// In the order of series, then of time.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let writer = try export.writer(columns)
        for series in try export.series(archive) {
            for fit in try archive.calibrations(series, period: export.query.period) {
                let detail = try? JSONDecoder().decode(Detail.self, from: Data(fit.detail.utf8))
                try writer.put(Row(name: SeriesName(series), fit: fit, detail: detail))
            }
        }
        return try writer.finish()
    }

    static var names: [String] { columns.map(\.name) }

    private static var columns: [ExportColumn<Row>] {
        let name = SeriesName.columns.map { $0.of { (row: Row) in row.name } }
        return name + [
            ExportColumn("start") { ExportCell($0.fit.period.start) },
            ExportColumn("end") { ExportCell($0.fit.period.end) },
            ExportColumn("kind") { .text($0.fit.kind) },
            ExportColumn("intercept_ppm") { ExportCell($0.coefficient("intercept")) },
            ExportColumn("intercept_standard_error_ppm") { ExportCell($0.standardError("intercept")) },
            ExportColumn("slope") { ExportCell($0.coefficient("slope")) },
            ExportColumn("slope_standard_error") { ExportCell($0.standardError("slope")) },
            ExportColumn("bias_ppm") { ExportCell($0.coefficient("bias")) },
            ExportColumn("bias_standard_error_ppm") { ExportCell($0.standardError("bias")) },
            ExportColumn("predictors") { row in .words(row.predictors { row.coefficient($0) }) },
            ExportColumn("predictor_standard_errors") { row in
                .words(row.predictors { row.standardError($0) })
            },
            ExportColumn("rmse_ppm") { ExportCell($0.detail?.rmse_ppm) },
            ExportColumn("count") { $0.detail.map { ExportCell($0.count) } ?? .absent },
            ExportColumn("beyond_limit") { $0.detail.map { .truth($0.beyond_limit) } ?? .absent },
            ExportColumn("remark") { ExportCell($0.detail?.remark) },
        ]
    }
}

extension CalibrationTable.Row {
    private var names: [String] { detail?.names ?? [] }

    fileprivate func coefficient(_ name: String) -> Double? {
        guard let index = names.firstIndex(of: name), index < fit.coefficients.count else { return nil }
        return fit.coefficients[index]
    }

    /// From the diagonal of the covariance.
    fileprivate func standardError(_ name: String) -> Double? {
        let size = fit.coefficients.count
        guard let index = names.firstIndex(of: name), fit.covariance.count == size * size, index < size else {
            return nil
        }
        return fit.covariance[index * (size + 1)].squareRoot()
    }

    /// `name=number` for what is multiplied besides the value.
    fileprivate func predictors(_ number: (String) -> Double?) -> [String] {
        names.filter { !["intercept", "slope", "bias"].contains($0) }
            .compactMap { name in number(name).map { "\(name)=\($0)" } }
    }
}

/// The stretches in which instruments measured bottles, found again from the readings.
enum CalibrationRunTable {
    private struct Row {
        let name: SeriesName
        let run: BottleRun
    }

    /// In the order of series, then of time. Only instruments whose description in the store calibrates them by
    /// bottles have runs.
    static func write(_ archive: borrowing ArchiveReader, _ export: ExportRun) throws -> Int {
        let hindsight = try Hindsight(at: export.settings.asOf, export.records, archive, export.query)
        let writer = try export.writer(columns)
        for (series, calibrator) in hindsight.calibrated {
            for run in calibrator.runs where export.query.period?.contains(run.start) ?? true {
                try writer.put(Row(name: SeriesName(series), run: run))
            }
        }
        return try writer.finish()
    }

    static var names: [String] { columns.map(\.name) }

    private static var columns: [ExportColumn<Row>] {
        let name = SeriesName.columns.map { $0.of { (row: Row) in row.name } }
        return name + [
            ExportColumn("start") { ExportCell($0.run.start) },
            ExportColumn("end") { ExportCell($0.run.end) },
            ExportColumn("bottle") { .text($0.run.bottle) },
            ExportColumn("time") { ExportCell($0.run.time) },
            ExportColumn("mean_ppm") { ExportCell($0.run.meanPartsPerMillion) },
            ExportColumn("standard_deviation_ppm") { ExportCell($0.run.standardDeviationPartsPerMillion) },
            ExportColumn("standard_error_ppm") { ExportCell($0.run.standardUncertaintyPartsPerMillion) },
            ExportColumn("readings") { ExportCell($0.run.readings) },
            ExportColumn("used") { ExportCell($0.run.used) },
            ExportColumn("rejection") { ExportCell($0.run.rejection?.name) },
        ]
    }
}

extension BottleRun.Rejection {
    fileprivate var name: String {
        switch self {
        case .noCertificate: "no_certificate"
        case .tooFewReadings: "too_few_readings"
        case .unstable: "unstable"
        }
    }
}
