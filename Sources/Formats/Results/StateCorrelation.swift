import Foundation
import Geo
import Inversion
import LinearAlgebra
import NetCDF
import Quantities

/// How prior errors of elements that have places correlate, as attributes of `prior_sigma` say: a product of functions
/// of distance, of time and of sector.
struct StateCorrelation: Equatable, Sendable {
    /// Of the distance in kilometres, in the plane of the middle latitude of the elements.
    let kernel: CorrelationKernel
    /// Days over which correlation falls by e; nil where different times do not correlate.
    let days: Double?
    /// Between different sectors at one place, 0 to 1.
    let betweenSectors: Double
    /// Between different classes, such as land and sea, 0 to 1.
    let betweenClasses: Double

    private enum Form { case text, number }

    private static let attributes: [String: Form] = [
        "correlation_length_km": .number, "correlation_form": .text, "correlation_time_days": .number,
        "sector_correlation": .number, "class_correlation": .number,
    ]

    /// Nil when the file has no `correlation_length_km`.
    ///
    /// - Throws: ``NetCDFError`` naming the attribute that has no meaning.
    @NetCDFThread
    init?(of file: borrowing NetCDFFile) throws(NetCDFError) {
        let path = file.path
        func fault(_ name: String, _ reason: String) -> NetCDFError {
            NetCDFError(.unexpected(reason), path: path, variable: "prior_sigma:\(name)")
        }
        let names = try file.attributeNames(of: "prior_sigma")
        for name in names where ["correlation", "sector_", "class_"].contains(where: name.hasPrefix) {
            guard let known = Self.attributes[name] else {
                let hint = nearest(to: name, among: Self.attributes.keys.sorted()).map {
                    "; did you mean \($0)?"
                }
                throw fault(name, "no such attribute\(hint ?? "")")
            }
            guard known == .text || file.number(name, of: "prior_sigma") != nil else {
                throw fault(name, "is not one number")
            }
        }
        guard let length = file.number("correlation_length_km", of: "prior_sigma") else {
            for name in names where Self.attributes[name] != nil {
                throw fault(name, "needs correlation_length_km beside it")
            }
            return nil
        }
        guard length > 0, length.isFinite else {
            throw fault("correlation_length_km", "\(length) is no length")
        }
        switch file.text("correlation_form", of: "prior_sigma") ?? "exponential" {
        case "exponential": kernel = .exponential(length: length)
        case "matern_3_2": kernel = .matern32(length: length)
        case "matern_5_2": kernel = .matern52(length: length)
        case let form:
            throw fault("correlation_form", "`\(form)` is none of exponential, matern_3_2, matern_5_2")
        }
        days = file.number("correlation_time_days", of: "prior_sigma")
        if let days, !(days > 0 && days.isFinite) {
            throw fault("correlation_time_days", "\(days) is no time")
        }
        betweenSectors = file.number("sector_correlation", of: "prior_sigma") ?? 0
        guard (0...1).contains(betweenSectors) else {
            throw fault("sector_correlation", "\(betweenSectors) is not in 0...1")
        }
        betweenClasses = file.number("class_correlation", of: "prior_sigma") ?? 0
        guard (0...1).contains(betweenClasses) else {
            throw fault("class_correlation", "\(betweenClasses) is not in 0...1")
        }
        try Self.requireVariables(names, file)
    }

    /// An attribute that no variable of the file gives a meaning would be passed over.
    @NetCDFThread
    private static func requireVariables(
        _ names: [String],
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) {
        for (name, variable) in [
            ("correlation_time_days", "state_time"), ("sector_correlation", "state_sector"),
            ("class_correlation", "state_class"),
        ] where names.contains(name) {
            guard !file.hasVariable(variable) else { continue }
            throw NetCDFError(
                .unexpected("needs the variable \(variable)"),
                path: file.path,
                variable: "prior_sigma:\(name)"
            )
        }
    }
}

/// Elements with places and what else their correlation depends on.
struct PlacedElements {
    let places: [Position?]
    /// Days; zeros where the file has no `state_time`.
    let days: [Double]
    let sectors: [String]
    let kinds: [String]
    /// Land, sea or whatever the file tells apart; empty texts where it tells nothing.
    let classes: [String]
    /// Of a degree of latitude, and of longitude at the middle latitude.
    let (latitudeKilometres, longitudeKilometres): (Double, Double)

    @NetCDFThread
    init(count: Int, of file: borrowing NetCDFFile) throws(NetCDFError) {
        guard let places = try LinearProblemFile.places(count: count, of: file) else {
            let reason = "needed beside prior_sigma:correlation_length_km"
            throw NetCDFError(.absent(reason), path: file.path, variable: "state_longitude")
        }
        self.places = places
        if let values = try LinearProblemFile.optional("state_time", count: count, of: file) {
            if let index = values.indices.first(where: { !values[$0].isFinite && places[$0] != nil }) {
                throw ProblemLayout.unfit(
                    "has no value, and element \(index) has a place",
                    "give a time to every element with a place",
                    "state_time[\(index)]",
                    file
                )
            }
            // Elements that are nowhere correlate with none.
            let known = values.map { $0.isFinite ? $0 : 0 }
            days = try file.instants(known, of: "state_time").map { $0.secondsSince1970 / 86_400 }
        } else {
            days = [Double](repeating: 0, count: count)
        }
        sectors = try Self.texts("state_sector", count, file)
        kinds = try Self.texts("state_kind", count, file)
        classes = try Self.texts("state_class", count, file)
        let latitudes = places.compactMap { $0?.latitude }
        let middle = ((latitudes.min() ?? 0) + (latitudes.max() ?? 0)) / 2
        let origin = Position(longitude: 0, latitude: 0)
        let kilometres = origin.flatMap { origin in
            Position(longitude: 0, latitude: 1).map { origin.distanceMetres(to: $0) / 1000 }
        }
        latitudeKilometres = kilometres ?? 0
        longitudeKilometres = latitudeKilometres * cos(middle * .pi / 180)
    }

    @NetCDFThread
    private static func texts(
        _ name: String,
        _ count: Int,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [String] {
        guard file.hasVariable(name) else { return [String](repeating: "", count: count) }
        return try LinearProblemFile.labels(name, count: count, of: file)
    }

    /// Of two elements; 0 where one is nowhere.
    func correlation(_ a: Int, _ b: Int, _ model: StateCorrelation) -> Double {
        guard a != b else { return 1 }
        guard let first = places[a], let second = places[b], kinds[a] == kinds[b] else { return 0 }
        let x = (first.longitude - second.longitude) * longitudeKilometres
        let y = (first.latitude - second.latitude) * latitudeKilometres
        var value = model.kernel.correlation(at: (x * x + y * y).squareRoot())
        let time = abs(days[a] - days[b])
        if let length = model.days {
            value *= CorrelationKernel.exponential(length: length).correlation(at: time)
        } else if time > 0 {
            return 0
        }
        if sectors[a] != sectors[b] { value *= model.betweenSectors }
        return classes[a] == classes[b] ? value : value * model.betweenClasses
    }

    /// The covariance of all elements, in full.
    ///
    /// - Throws: ``NetCDFError`` that names two elements which the model cannot tell apart.
    func covariance(
        _ model: StateCorrelation,
        sigma: [Double],
        path: String
    ) throws(NetCDFError) -> Matrix {
        var matrix = Matrix(rows: sigma.count, columns: sigma.count)
        for row in sigma.indices {
            for column in 0...row {
                let correlation = correlation(row, column, model)
                guard row == column || correlation < 1 else {
                    let reason =
                        "element \(row) is at the place of element \(column), and nothing tells them apart"
                    throw NetCDFError(
                        .unfit(reason, remedy: "give one element for each place, time and sector"),
                        path: path,
                        variable: "state_longitude[\(row)]"
                    )
                }
                let value = correlation * sigma[row] * sigma[column]
                matrix[row, column] = value
                matrix[column, row] = value
            }
        }
        return matrix
    }
}
