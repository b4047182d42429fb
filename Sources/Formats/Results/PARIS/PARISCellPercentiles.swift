import Inversion

/// Percentiles of the flux of each cell from the draws of the state.
///
/// Cells of one element follow its percentiles, in the other order where the flux is an uptake. In cells of several the
/// draws are added up.
struct PARISCellPercentiles {
    private let percentiles: [[Double]]
    private let draws: SampledPosterior?

    /// The most draws that are added up and sorted for one cell; a thousand place the 2.5 % to a twentieth of sigma.
    private static let mostDraws = 1000

    init(_ solution: SolvedState) {
        percentiles = solution.percentiles ?? []
        draws = solution.draws
    }

    /// Shares x cells.
    func values(_ layers: [FluxMap.Layer]) -> [Double] {
        let cells = layers.first?.flux.count ?? 0
        let shares = Percentiles.probabilities.count
        var result = [Double](repeating: 0, count: shares * cells)
        var series: [Int: [Double]] = [:]
        for cell in 0..<cells {
            let own = layers.map { (element: Int($0.element[cell]), flux: $0.flux[cell]) }
            let fixed = own.reduce(0) { $0 + ($1.element < 0 ? $1.flux : 0) }
            let free = own.filter { $0.element >= 0 && $0.flux != 0 }
            for share in 0..<shares {
                guard free.count == 1 else { break }
                let place = free[0].flux > 0 ? share : shares - 1 - share
                result[share * cells + cell] = fixed + free[0].flux * percentiles[place][free[0].element]
            }
            if free.isEmpty { for share in 0..<shares { result[share * cells + cell] = fixed } }
            guard free.count > 1 else { continue }
            let sorted = sums(free, fixed, &series).sorted()
            for (share, probability) in Percentiles.probabilities.enumerated() {
                result[share * cells + cell] = Percentiles.ofSorted(sorted, probability)
            }
        }
        return result
    }

    private func sums(
        _ parts: [(element: Int, flux: Double)],
        _ fixed: Double,
        _ series: inout [Int: [Double]]
    ) -> [Double] {
        var result: [Double] = []
        for part in parts {
            let values = series[part.element] ?? thinned(part.element)
            series[part.element] = values
            if result.isEmpty { result = [Double](repeating: fixed, count: values.count) }
            for index in values.indices { result[index] += part.flux * values[index] }
        }
        return result
    }

    private func thinned(_ element: Int) -> [Double] {
        let all = draws?.pooled(element) ?? []
        let step = max(1, all.count / Self.mostDraws)
        return stride(from: 0, to: all.count, by: step).map { all[$0] }
    }
}
