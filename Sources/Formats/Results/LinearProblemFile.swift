import Foundation
public import Geo
public import Inversion
import LinearAlgebra
public import NetCDF
public import Quantities

/// A linear problem with what its file says about the observations.
public struct LinearProblemInput: Sendable {
    public var problem: LinearProblem
    /// Degrees, one per observation; nil when the file has none.
    public var longitudes: [Double]?
    public var latitudes: [Double]?
    public var times: [Instant]?
    /// Unit of `observation_value`; empty when the file does not say.
    public var unit: String
    public var title: String
    /// What the elements stand for; nil when the file names them only.
    public var state: StateVector?
    /// Station, vehicle or product of each observation; nil when the file has none.
    public var groups: LabelGroups?
    /// Totals to be told of, and their unit.
    public var totals: LinearFunctionals?
    public var totalUnit = ""
    /// Bounds of the state, infinite where there is none; nil when the file has none.
    public var lowerBounds: [Double]?
    public var upperBounds: [Double]?
    /// Where each element of the state is, nil for one that is nowhere, such as a bias; nil when the file has no
    /// places.
    public var statePlaces: [Position?]?
    /// Land, sea or another class of each element, across which prior errors correlate less or not; nil when the file
    /// tells none.
    public var stateClasses: [String]?
    /// What one unit of each element emits; nil when the file does not say.
    public var emissions: StateEmissions?
    /// Where on a grid the elements emit; nil when the file does not say.
    public var fluxMap: FluxMap?
    /// Averaging period of each observation; nil when the file has moments or nothing.
    public var periods: [Period]?
    /// Of the sample, metres above sea level, and of the intake above ground; nil when the file has none.
    public var altitudes: [Double]?
    public var intakeHeights: [Double]?
    /// What was subtracted from mole fractions to give the observations, in their unit; nil where nothing was.
    public var backgrounds: [Double]?
    /// The transport model of the Jacobian in words; empty when the file does not say.
    public var transportModel = ""

    /// Whether the Jacobian is in memory; otherwise it has no rows here.
    public var hasJacobian: Bool { problem.jacobian.rows == problem.observationCount }

    public init(
        problem: LinearProblem,
        longitudes: [Double]? = nil,
        latitudes: [Double]? = nil,
        times: [Instant]? = nil,
        unit: String = "",
        title: String = ""
    ) {
        self.problem = problem
        self.longitudes = longitudes
        self.latitudes = latitudes
        self.times = times
        self.unit = unit
        self.title = title
    }
}

/// The netCDF layout of a linear problem: `jacobian(observation, state)`, `observation_value`,
/// `observation_sigma` or `observation_covariance`, `prior_mean`, `prior_sigma` or `prior_covariance`,
/// `state_name`, and optionally `longitude`, `latitude`, `time` and `observation_group` of the observations,
/// `state_kind`, `state_region`, `state_sector`, `state_period`, `state_class`, `state_longitude`, `state_latitude`,
/// `state_emission`, `state_lower` and `state_upper` of the state, totals as `total_name`,
/// `total_weight(total, state)` and `total_offset`, of the observations `time_bounds`, `altitude`, `intake_height` and
/// `background`, and where on a grid the elements emit as `cell_flux`.
public enum LinearProblemFile {
    /// Reads and validates a problem.
    ///
    /// - Parameter needsObservations: false where only what will be known is asked, so that observed values may be
    ///   missing; they are zero then.
    /// - Throws: ``NetCDFError`` that names the variable and its shape or the first bad element.
    @NetCDFThread
    public static func read(
        _ path: String,
        needsObservations: Bool = true
    ) throws(NetCDFError) -> LinearProblemInput {
        let file = try NetCDFFile(reading: path)
        try checkLayout(file)
        let observations = try observedValues(of: file, areNeeded: needsObservations)
        let priorMean = try vector("prior_mean", of: file)
        let (n, m) = (observations.count, priorMean.count)
        let names = try file.strings("state_name")
        let problem = LinearProblem(
            jacobian: Matrix(rows: n, columns: m, storage: try file.validDoubles("jacobian", shape: [n, m])),
            observations: observations,
            observationError: try errorModel("observation", count: n, of: file),
            priorMean: priorMean,
            priorError: try errorModel("prior", count: m, of: file),
            stateNames: names
        )
        do { try problem.validate() } catch { throw fault(error, path) }
        return try described(problem, in: file)
    }

    /// A problem with what the file says beside.
    @NetCDFThread
    static func described(
        _ problem: LinearProblem,
        in file: borrowing NetCDFFile
    ) throws(NetCDFError) -> LinearProblemInput {
        let n = problem.observationCount
        var input = LinearProblemInput(
            problem: problem,
            longitudes: try optional("longitude", count: n, of: file),
            latitudes: try optional("latitude", count: n, of: file),
            times: try times(count: n, of: file),
            unit: file.text("units", of: "observation_value") ?? "",
            title: file.text("title") ?? ""
        )
        try readLabels(of: &input, from: file)
        return input
    }

    /// - Parameter areNeeded: where not, values that are missing are zero.
    @NetCDFThread
    static func observedValues(
        of file: borrowing NetCDFFile,
        areNeeded: Bool
    ) throws(NetCDFError) -> [Double] {
        guard areNeeded || file.hasVariable("observation_value") else {
            return [Double](repeating: 0, count: try file.shape(of: "jacobian").first ?? 0)
        }
        let values = try vector("observation_value", of: file)
        return areNeeded ? values : values.map { $0.isNaN ? 0 : $0 }
    }

    /// What is wrong with a problem, with its file.
    public static func fault(_ error: InversionError, _ path: String) -> NetCDFError {
        NetCDFError(.unfit(error.what, remedy: error.remedy), path: path, variable: error.place)
    }

    /// Names of dimensions, units, and what contradicts itself.
    @NetCDFThread
    static func checkLayout(_ file: borrowing NetCDFFile) throws(NetCDFError) {
        try ProblemLayout.requireProblem(file)
        try ProblemLayout.checkDimensions(file)
        try ProblemLayout.refuseContradictions(file)
        try checkUnits(file)
    }

    @NetCDFThread
    static func vector(
        _ name: String,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [Double] {
        let shape = try file.shape(of: name)
        guard shape.count == 1 else {
            throw NetCDFError(
                .unexpected("shape is \(shape), expected one dimension"),
                path: file.path,
                variable: name
            )
        }
        return try file.validDoubles(name)
    }

    @NetCDFThread
    static func errorModel(
        _ owner: String,
        count: Int,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> ErrorModel {
        let covariance = "\(owner)_covariance"
        if file.hasVariable(covariance) {
            let values = try file.validDoubles(covariance, shape: [count, count])
            return .covariance(Matrix(rows: count, columns: count, storage: values))
        }
        guard file.hasVariable("\(owner)_sigma") else {
            throw NetCDFError(
                .absent("neither \(owner)_sigma nor \(covariance)"),
                path: file.path,
                variable: "\(owner)_sigma"
            )
        }
        let sigma = try file.validDoubles("\(owner)_sigma", shape: [count])
        guard owner == "prior", let correlation = try StateCorrelation(of: file) else {
            return .independent(sigma)
        }
        do { try DenseLimit.check(count) } catch { throw fault(error, file.path) }
        let placed = try PlacedElements(count: count, of: file)
        if let index = sigma.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
            let error = InversionError.notPositive("prior_sigma", index: index, value: sigma[index])
            throw NetCDFError(
                .unfit(error.what, remedy: error.remedy),
                path: file.path,
                variable: error.place
            )
        }
        return .covariance(try placed.covariance(correlation, sigma: sigma, path: file.path))
    }

    @NetCDFThread
    static func optional(
        _ name: String,
        count: Int,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [Double]? {
        file.hasVariable(name) ? try file.validDoubles(name, shape: [count]) : nil
    }

    @NetCDFThread
    private static func times(count: Int, of file: borrowing NetCDFFile) throws(NetCDFError) -> [Instant]? {
        guard let values = try optional("time", count: count, of: file) else { return nil }
        return try file.instants(values, of: "time")
    }
}
