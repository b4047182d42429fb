public import Inversion
import LinearAlgebra
public import NetCDF

/// A linear problem whose Jacobian is sparse, with what its file says beside.
public struct LargeProblemInput: Sendable {
    public let problem: MatrixFreeProblem
    /// One per element; empty when the file has none.
    public let stateNames: [String]
    public let priorSigma: [Double]
    /// Elements of the Jacobian that are stored.
    public let elementCount: Int
    /// Unit of `observation_value`; empty when the file does not say.
    public let unit: String
    /// Totals to be told of, and their unit.
    public let totals: LinearFunctionals?
    public let totalUnit: String
}

/// The netCDF layout of a linear problem with a sparse Jacobian, a contiguous ragged array of CF (section 9.3.3):
/// `jacobian_count(observation)` elements of each row, `jacobian_state(element)` their columns counted from 0, and
/// `jacobian(element)` their values. Observations, prior and totals are those of ``LinearProblemFile`` with
/// independent observation errors; attributes of `prior_sigma` tell how prior errors correlate.
public enum LargeProblemFile {
    /// Whether a file is of this layout.
    @NetCDFThread
    public static func isLarge(_ path: String) throws(NetCDFError) -> Bool {
        try NetCDFFile(reading: path).hasVariable("jacobian_count")
    }

    /// Reads and validates a problem.
    ///
    /// - Throws: ``NetCDFError`` that names the variable and its shape or the first bad element.
    @NetCDFThread
    public static func read(_ path: String) throws(NetCDFError) -> LargeProblemInput {
        let file = try NetCDFFile(reading: path)
        try LinearProblemFile.checkLayout(file)
        let observations = try LinearProblemFile.vector("observation_value", of: file)
        let priorMean = try LinearProblemFile.vector("prior_mean", of: file)
        let (n, m) = (observations.count, priorMean.count)
        let jacobian = try jacobian(rows: n, columns: m, of: file)
        let sigma = try file.validDoubles("prior_sigma", shape: [m])
        let errors = try file.validDoubles("observation_sigma", shape: [n])
        let stated =
            file.hasVariable("state_name")
            ? try LinearProblemFile.labels("state_name", count: m, of: file) : []
        try LinearProblemFile.refuseUnreadable(stated, "state_name", of: file)
        try LinearProblemFile.refuseDuplicates(stated, "state_name", of: file)
        let plan = try totalsPlan(stated.isEmpty ? (0..<m).map { "state \($0)" } : stated, of: file)
        do {
            return LargeProblemInput(
                problem: try MatrixFreeProblem(
                    jacobian: jacobian,
                    observations: observations,
                    observationError: FactoredErrors(.independent(errors)),
                    priorMean: priorMean,
                    prior: try prior(sigma, of: file)
                ),
                stateNames: stated,
                priorSigma: sigma,
                elementCount: jacobian.elementCount,
                unit: file.text("units", of: "observation_value") ?? "",
                totals: plan?.functionals,
                totalUnit: plan?.unit ?? ""
            )
        } catch let error as InversionError {
            throw NetCDFError(.unexpected(error.what), path: path, variable: error.place)
        } catch let error as NetCDFError {
            throw error
        } catch {
            throw NetCDFError(.unexpected("the problem cannot be read"), path: path)
        }
    }

    /// Those of the file, and of regions and sectors where it says what elements emit.
    @NetCDFThread
    private static func totalsPlan(
        _ names: [String],
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> TotalsPlan? {
        var labelled = LinearProblemInput(stateNames: names)
        if file.hasVariable("total_weight") { try LinearProblemFile.readTotals(of: &labelled, from: file) }
        labelled.state = try LinearProblemFile.state(names, of: file)
        labelled.emissions = try LinearProblemFile.emissions(count: names.count, of: file)
        do throws(InversionError) { return try labelled.totalsPlan() } catch {
            throw NetCDFError(.unexpected(error.what), path: file.path, variable: error.place)
        }
    }

    @NetCDFThread
    private static func prior(
        _ sigma: [Double],
        of file: borrowing NetCDFFile
    ) throws -> any PriorCovariance {
        guard let model = try StateCorrelation(of: file) else {
            return try ScaledCovariance(independent: sigma)
        }
        // Checked before a factor is made of it.
        _ = try ScaledCovariance(independent: sigma)
        return try PlacedElements(count: sigma.count, of: file).product(model, sigma: sigma, path: file.path)
    }

    @NetCDFThread
    private static func jacobian(
        rows: Int,
        columns: Int,
        of file: borrowing NetCDFFile
    ) throws(NetCDFError) -> SparseMatrix {
        let path = file.path
        func fault(_ reason: String, _ variable: String) -> NetCDFError {
            NetCDFError(.unexpected(reason), path: path, variable: variable)
        }
        let counts = try file.integers("jacobian_count")
        guard counts.count == rows else {
            throw fault("has \(counts.count) values where \(rows) are needed", "jacobian_count")
        }
        let states = try file.integers("jacobian_state")
        let values = try file.validDoubles("jacobian", shape: [states.count])
        var rest = states.count
        for (row, count) in counts.enumerated() {
            guard count >= 0, count <= rest else {
                throw fault("\(count) elements where \(rest) are left", "jacobian_count[\(row)]")
            }
            rest -= Int(count)
        }
        guard rest == 0 else { throw fault("leaves \(rest) elements without a row", "jacobian_count") }
        if let index = states.firstIndex(where: { !(0..<Int64(columns)).contains($0) }) {
            throw fault(
                "column \(states[index]) is none of \(columns), counted from 0",
                "jacobian_state[\(index)]"
            )
        }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw fault("is not finite", "jacobian[\(index)]")
        }
        var start = 0
        do throws(SparseMatrixError) {
            var builder = try SparseRows(columns: columns, addsDuplicates: false)
            builder.reserve(rows: rows, elements: states.count)
            for count in counts {
                let part = start..<(start + Int(count))
                try builder.append(columns: states[part].map(Int.init), values: Array(values[part]))
                start = part.upperBound
            }
            return builder.matrix
        } catch {
            // All columns are there and all values finite: a column stands twice.
            throw fault("\(error.what): \(error.place)", "jacobian_state")
        }
    }
}

extension LinearProblemInput {
    /// Holds what is read of totals, which needs no more of the problem than the length of its state.
    fileprivate init(stateNames: [String]) {
        self.init(
            problem: LinearProblem(
                jacobian: Matrix(rows: 0, columns: stateNames.count),
                observations: [],
                observationError: .independent([]),
                priorMean: [Double](repeating: 0, count: stateNames.count),
                priorError: .independent([Double](repeating: 1, count: stateNames.count)),
                stateNames: stateNames
            )
        )
    }
}
