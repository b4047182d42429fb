public import Inversion
public import LinearAlgebra
public import NetCDF

/// The Jacobian of a problem file, read in blocks of rows.
public struct JacobianFileRows: JacobianRows {
    private let file: ChunkedFile
    public let rows: Int
    public let columns: Int

    @NetCDFThread
    init(_ path: String) throws(NetCDFError) {
        file = try ChunkedFile(path, variables: ["jacobian"])
        let shape = try file.shape(of: "jacobian")
        guard shape.count == 2 else {
            throw NetCDFError(
                .unexpected("shape is \(shape), expected two dimensions"),
                path: path,
                variable: "jacobian"
            )
        }
        (rows, columns) = (shape[0], shape[1])
    }

    /// Blocks; not to be called on the ``NetCDFThread``.
    public func jacobian(rows: Range<Int>) throws -> Matrix {
        Matrix(rows: rows.count, columns: columns, storage: try file.doubles("jacobian", rows: rows))
    }
}

extension LinearProblemFile {
    /// A problem whose Jacobian stays in its file, for ``GaussianSolver`` to read by blocks of rows.
    ///
    /// - Throws: ``NetCDFError`` that names the variable; also where the file has a full observation covariance, which
    ///   cannot be taken row by row. Elements of the Jacobian are checked while it is solved.
    @NetCDFThread
    public static func stream(_ path: String) throws(NetCDFError) -> StreamedProblem<JacobianFileRows> {
        let file = try NetCDFFile(reading: path)
        try checkUnits(file)
        let observations = try vector("observation_value", of: file)
        let priorMean = try vector("prior_mean", of: file)
        guard !file.hasVariable("observation_covariance") else {
            let reason = "a problem with correlated observation errors must fit in memory"
            throw NetCDFError(.unexpected(reason), path: path, variable: "observation_covariance")
        }
        return StreamedProblem(
            jacobian: try JacobianFileRows(path),
            observations: observations,
            sigma: try file.doubles("observation_sigma", shape: [observations.count]),
            priorMean: priorMean,
            priorError: try errorModel("prior", count: priorMean.count, of: file),
            stateNames: try file.strings("state_name")
        )
    }
}
