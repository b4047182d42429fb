public import Inversion
public import LinearAlgebra
public import NetCDF

/// The Jacobian of a problem file, read in blocks of rows.
public struct JacobianFileRows: JacobianRows {
    private let file: ChunkedFile
    private let range: ValidRange?
    let path: String
    public let rows: Int
    public let columns: Int
    public let rowsReadTogether: Int

    /// - Throws: ``NetCDFError`` where the variable has another shape.
    @NetCDFThread
    init(_ path: String, rows: Int, columns: Int) throws(NetCDFError) {
        file = try ChunkedFile(path, variables: ["jacobian"])
        let shape = try file.shape(of: "jacobian")
        guard shape == [rows, columns] else {
            let reason = "shape is \(shape), expected \([rows, columns])"
            throw NetCDFError(.unexpected(reason), path: path, variable: "jacobian")
        }
        range = try ValidRange(of: "jacobian", in: NetCDFFile(reading: path))
        (self.path, self.rows, self.columns) = (path, rows, columns)
        // A width at which the number of rows is that of a chunk, whatever its size in bytes.
        rowsReadTogether = file.preferredRows(width: 1 << 14)
    }

    /// Blocks; not to be called on the ``NetCDFThread``.
    public func jacobian(rows: Range<Int>) throws -> Matrix {
        var values = try file.doubles("jacobian", rows: rows)
        range?.apply(to: &values)
        return Matrix(rows: rows.count, columns: columns, storage: values)
    }
}

/// A linear problem whose Jacobian stays in its file, with what the file says beside.
public struct StreamedProblemInput: Sendable {
    /// All but the Jacobian, which has no rows here (``LinearProblemInput/hasJacobian``).
    public var labels: LinearProblemInput
    public let jacobian: JacobianFileRows

    /// What ``GaussianSolver`` takes by blocks of rows.
    public var problem: StreamedProblem<JacobianFileRows> {
        StreamedProblem(
            jacobian: jacobian,
            observations: labels.problem.observations,
            sigma: labels.problem.observationError.sigma,
            priorMean: labels.problem.priorMean,
            priorError: labels.problem.priorError,
            stateNames: labels.problem.stateNames
        )
    }
}

extension LinearProblemFile {
    /// Bytes that the Jacobian takes in memory; nil where the file has none of two dimensions.
    @NetCDFThread
    public static func jacobianBytes(_ path: String) throws(NetCDFError) -> Double? {
        let file = try NetCDFFile(reading: path)
        guard file.hasVariable("jacobian") else { return nil }
        let shape = try file.shape(of: "jacobian")
        return shape.count == 2 ? 8 * Double(shape[0]) * Double(shape[1]) : nil
    }

    /// A problem whose Jacobian stays in its file, for ``GaussianSolver`` to read by blocks of rows; all else is
    /// validated.
    ///
    /// - Parameter needsObservations: as of ``read(_:needsObservations:)``.
    /// - Throws: ``NetCDFError`` that names the variable; also where the file has a full observation covariance, which
    ///   cannot be taken row by row. Elements of the Jacobian are checked while it is solved.
    @NetCDFThread
    public static func stream(
        _ path: String,
        needsObservations: Bool = true
    ) throws(NetCDFError) -> StreamedProblemInput {
        let file = try NetCDFFile(reading: path)
        try checkLayout(file)
        let observations = try observedValues(of: file, areNeeded: needsObservations)
        let priorMean = try vector("prior_mean", of: file)
        let (n, m) = (observations.count, priorMean.count)
        let names = try file.strings("state_name")
        let rows = try JacobianFileRows(path, rows: n, columns: m)
        guard !file.hasVariable("observation_covariance") else {
            throw NetCDFError(
                .unfit(
                    "correlated observation errors cannot be taken with a jacobian that is read by rows",
                    remedy: "give observation_sigma, or keep the jacobian in memory (invert --memory)"
                ),
                path: path,
                variable: "observation_covariance"
            )
        }
        let problem = LinearProblem(
            jacobian: Matrix(rows: 0, columns: m),
            observations: observations,
            observationError: try errorModel("observation", count: n, of: file),
            priorMean: priorMean,
            priorError: try errorModel("prior", count: m, of: file),
            stateNames: names
        )
        var input = StreamedProblemInput(
            labels: LinearProblemInput(problem: problem),
            jacobian: rows
        )
        do { try input.problem.validate() } catch { throw fault(error, path) }
        input.labels = try described(problem, in: file)
        return input
    }
}

extension StreamedProblemInput {
    /// Runs what reads the rows, and names the file with an element of the Jacobian that is at fault.
    ///
    /// - Throws: ``NetCDFError``, and what the body throws.
    public func reading<Value>(
        _ body: (StreamedProblem<JacobianFileRows>) throws -> Value
    ) throws -> Value {
        do { return try body(problem) } catch let error as InversionError {
            throw LinearProblemFile.fault(error, jacobian.path)
        }
    }
}
