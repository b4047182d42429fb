import Formats
import Geo
import Inversion
import LinearAlgebra

/// How the emissions of a problem are gathered in fewer unknowns. Elements that are no emissions stay as they are;
/// those of different kind, region, sector or period are never gathered, nor what emits with what takes up.
public enum BasisChoice: Equatable, Sendable {
    /// Elements of one region.
    case regions
    /// Compact parts of about equal importance, so many of each region, sector and period.
    case clusters(Int)
    /// Rectangles of about equal importance, so many of each region, sector and period.
    case quadtree(Int)

    /// From `regions`, `clusters=N` or `quadtree=N`; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: "=", omittingEmptySubsequences: false)
        let count = words.count == 2 ? Int(words[1]).flatMap { (1...100_000).contains($0) ? $0 : nil } : nil
        switch (words.first, count) {
        case ("regions", nil) where words.count == 1: self = .regions
        case ("clusters", let count?): self = .clusters(count)
        case ("quadtree", let count?): self = .quadtree(count)
        default: return nil
        }
    }

    /// The part of each element, and none outside.
    func basis(of input: LinearProblemInput) throws -> Basis {
        let isEmission = Set(input.emissionElements)
        var parts = [Int32](repeating: -1, count: input.problem.stateCount)
        var next: Int32 = 0
        for layer in input.layers {
            let cells = layer.filter(isEmission.contains)
            guard !cells.isEmpty else { continue }
            let own = try self.parts(of: cells, input)
            for (cell, part) in zip(cells, own) { parts[cell] = next + part }
            next += (own.max() ?? 0) + 1
        }
        for index in parts.indices where parts[index] < 0 {
            parts[index] = next
            next += 1
        }
        return try Basis(parts: parts)
    }

    private func parts(of cells: [Int], _ input: LinearProblemInput) throws -> [Int32] {
        switch self {
        case .regions:
            guard let elements = input.state?.elements,
                cells.contains(where: { !elements[$0].region.isEmpty })
            else { throw ProblemChoiceError.noRegions }
            var numbers: [String: Int32] = [:]
            return cells.map { cell in
                // An element of no region is one of its own.
                let region = elements[cell].region
                let name = region.isEmpty ? "\u{0}\(cell)" : region
                let number = numbers[name] ?? Int32(truncatingIfNeeded: numbers.count)
                numbers[name] = number
                return number
            }
        case .clusters(let count):
            let places = try places(of: cells, input)
            let basis = try Basis.clusters(
                longitudes: places.map(\.longitude),
                latitudes: places.map(\.latitude),
                weights: input.importance(of: cells),
                count: min(count, cells.count)
            )
            return basis.parts
        case .quadtree(let count): return try quadtree(cells, input, count)
        }
    }

    private func quadtree(_ cells: [Int], _ input: LinearProblemInput, _ count: Int) throws -> [Int32] {
        let places = try places(of: cells, input)
        guard let rows = RegularPlaces(places.map(\.latitude)),
            let columns = RegularPlaces(places.map(\.longitude)), rows.count * columns.count <= 10_000_000
        else { throw ProblemChoiceError.noGrid }
        let size = rows.count * columns.count
        var weights = [Double](repeating: 0, count: size)
        var labels = [Int32](repeating: -1, count: size)
        let positions = places.map { rows.index($0.latitude) * columns.count + columns.index($0.longitude) }
        for (position, weight) in zip(positions, input.importance(of: cells)) {
            guard labels[position] < 0 else { throw ProblemChoiceError.noGrid }
            weights[position] = weight
            labels[position] = 0
        }
        let basis = try Basis.quadtree(
            weights: weights,
            rows: rows.count,
            columns: columns.count,
            labels: labels,
            count: min(count, cells.count)
        )
        return positions.map { basis.parts[$0] }
    }

    private func places(of cells: [Int], _ input: LinearProblemInput) throws -> [Position] {
        let places = cells.compactMap { input.statePlaces?[$0] }
        guard places.count == cells.count else { throw ProblemChoiceError.noPlaces }
        return places
    }
}

extension LinearProblemInput {
    /// Elements of one kind, region, sector, period, class and direction, in their order.
    fileprivate var layers: [[Int]] {
        let elements = state?.elements
        guard elements != nil || emissions != nil || stateClasses != nil else {
            return [Array(problem.priorMean.indices)]
        }
        var layers: [[Int]] = []
        var numbers: [[String]: Int] = [:]
        for index in problem.priorMean.indices {
            // What takes up and what emits would cancel in a mean.
            let direction = (emissions?.perUnit[index] ?? 0) < 0 ? "uptake" : ""
            let element = elements?[index]
            let key = [
                element?.kind.rawValue ?? "", element?.region ?? "", element?.sector ?? "",
                element?.period ?? "", stateClasses?[index] ?? "", direction,
            ]
            if let number = numbers[key] {
                layers[number].append(index)
            } else {
                numbers[key] = layers.count
                layers.append([index])
            }
        }
        return layers
    }

    /// How much the observations see of the prior's uncertainty of each element: Σ |H| / σ, times its deviation.
    fileprivate func importance(of cells: [Int]) -> [Double] {
        let (errors, prior) = (problem.observationError.sigma, problem.priorError.sigma)
        var sums = [Double](repeating: 0, count: problem.stateCount)
        for (row, error) in errors.enumerated() {
            let start = row * problem.stateCount
            for column in sums.indices {
                sums[column] += abs(problem.jacobian.storage[start + column]) / error
            }
        }
        return cells.map { sums[$0] * prior[$0] }
    }
}
