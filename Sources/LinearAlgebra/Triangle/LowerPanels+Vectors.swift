import COpenBLAS

/// Products and solutions with one vector, for the lower triangular T that the panels hold.
extension LowerPanels {
    /// T·v.
    public func times(_ vector: [Double]) -> [Double] {
        applied(to: vector) { panels, values, result in
            for panel in 0..<panels.layout.count {
                let columns = 0..<panels.layout.start(panel + 1)
                panels.block(panel, columns: columns)
                    .addProduct(1, values, to: result + panels.layout.start(panel))
            }
        }
    }

    /// Tᵀ·v.
    public func transposedTimes(_ vector: [Double]) -> [Double] {
        applied(to: vector) { panels, values, result in
            for panel in 0..<panels.layout.count {
                let columns = 0..<panels.layout.start(panel + 1)
                panels.block(panel, columns: columns)
                    .addTransposedProduct(1, values + panels.layout.start(panel), to: result)
            }
        }
    }

    /// T⁻¹·v.
    public func solve(_ vector: [Double]) -> [Double] {
        applied(to: vector) { panels, values, result in
            result.update(from: values, count: panels.layout.order)
            for panel in 0..<panels.layout.count {
                let own = result + panels.layout.start(panel)
                panels.block(panel, columns: 0..<panels.layout.start(panel))
                    .addProduct(-1, result, to: own)
                panels.block(panel, panel).solve(CblasNoTrans, own)
            }
        }
    }

    /// T⁻ᵀ·v.
    public func transposedSolve(_ vector: [Double]) -> [Double] {
        applied(to: vector) { panels, values, result in
            result.update(from: values, count: panels.layout.order)
            for panel in (0..<panels.layout.count).reversed() {
                let own = result + panels.layout.start(panel)
                panels.block(panel, panel).solve(CblasTrans, own)
                panels.block(panel, columns: 0..<panels.layout.start(panel))
                    .addTransposedProduct(-1, own, to: result)
            }
        }
    }

    /// ln det T·Tᵀ.
    public var logDeterminantOfSquare: Double { 2 * diagonal.reduce(0) { $0 + logarithm($1) } }

    /// - Parameter body: puts into the last argument, zero before, what becomes of the one before it.
    private func applied(
        to vector: [Double],
        _ body: (PanelAccess, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) -> [Double] {
        precondition(vector.count == order, "vector does not fit the matrix")
        var result = [Double](repeating: 0, count: order)
        vector.withUnsafeBufferPointer { values in
            result.withUnsafeMutableBufferPointer { result in
                guard let values = values.baseAddress, let result = result.baseAddress else { return }
                withReadPanels { body($0, values, result) }
            }
        }
        return result
    }
}

extension Block {
    /// Adds scale · self·v.
    fileprivate func addProduct(
        _ scale: Double,
        _ vector: UnsafePointer<Double>,
        to result: UnsafeMutablePointer<Double>
    ) {
        multiply(CblasNoTrans, scale, vector, result)
    }

    /// Adds scale · selfᵀ·v.
    fileprivate func addTransposedProduct(
        _ scale: Double,
        _ vector: UnsafePointer<Double>,
        to result: UnsafeMutablePointer<Double>
    ) {
        multiply(CblasTrans, scale, vector, result)
    }

    private func multiply(
        _ transposition: CBLAS_TRANSPOSE,
        _ scale: Double,
        _ vector: UnsafePointer<Double>,
        _ result: UnsafeMutablePointer<Double>
    ) {
        guard rows > 0, columns > 0 else { return }
        cblas_dgemv(
            CblasRowMajor,
            transposition,
            blas(rows),
            blas(columns),
            scale,
            base,
            blas(stride),
            vector,
            1,
            1,
            result,
            1
        )
    }

    /// Solves with a triangular tile, in place.
    fileprivate func solve(_ transposition: CBLAS_TRANSPOSE, _ values: UnsafeMutablePointer<Double>) {
        guard rows > 0 else { return }
        cblas_dtrsv(
            CblasRowMajor,
            CblasLower,
            transposition,
            CblasNonUnit,
            blas(rows),
            base,
            blas(stride),
            values,
            1
        )
    }
}
