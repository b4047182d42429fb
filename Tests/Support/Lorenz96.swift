/// The chaotic ring of Lorenz (1996), dx_i/dt = (x_{i+1} - x_{i-2}) x_{i-1} - x_i + F, and a twin experiment on it as
/// filters are compared with (Sakov and Oke 2008, Tellus A 60, 361): 40 variables, F = 8, all observed with error
/// variance 1 every 0.05.
public struct Lorenz96: Sendable {
    public let size: Int
    public let forcing: Double

    public init(size: Int = 40, forcing: Double = 8) {
        self.size = size
        self.forcing = forcing
    }

    func tendency(_ state: [Double]) -> [Double] {
        state.indices.map { index in
            let next = state[index + 1 == size ? 0 : index + 1]
            let before = state[index == 0 ? size - 1 : index - 1]
            let earlier = state[index < 2 ? size + index - 2 : index - 2]
            return (next - earlier) * before - state[index] + forcing
        }
    }

    /// One step of the classical Runge-Kutta scheme of fourth order.
    public func advanced(_ state: [Double], by step: Double = 0.05) -> [Double] {
        func moved(_ slope: [Double], _ share: Double) -> [Double] {
            zip(state, slope).map { $0 + share * step * $1 }
        }
        let first = tendency(state)
        let second = tendency(moved(first, 0.5))
        let third = tendency(moved(second, 0.5))
        let fourth = tendency(moved(third, 1))
        return state.indices.map { index in
            let middle = second[index] + third[index]
            return state[index] + step / 6 * (first[index] + 2 * middle + fourth[index])
        }
    }

    /// Distance on the ring.
    public func distance(_ a: Int, _ b: Int) -> Double { Double(min(abs(a - b), size - abs(a - b))) }
}

/// A truth, its noisy observations, and members that are carried by the model and corrected by a filter.
public struct Lorenz96Twin: Sendable {
    public let model = Lorenz96()
    public let members: Int
    /// Cycles of 0.05 before the score is taken.
    public let burnIn: Int
    public let cycles: Int

    public init(members: Int, burnIn: Int, cycles: Int) {
        self.members = members
        self.burnIn = burnIn
        self.cycles = cycles
    }

    /// - Parameter analysis: from the forecast members (states x members, row-major) and observations of all states
    ///   with standard deviation one to the members of the analysis.
    /// - Returns: root mean square error of the analysis mean, averaged over the cycles after the burn-in.
    public func score(
        seed: UInt64,
        analysis: ([Double], [Double]) async throws -> [Double]
    ) async throws -> Double {
        var random = SeededGenerator(seed: seed)
        var truth = (0..<model.size).map { _ in model.forcing + random.normal() }
        for _ in 0..<1000 { truth = model.advanced(truth) }
        var states = (0..<members).flatMap { _ in truth.map { $0 + random.normal() } }
        states = transposed(states, rows: members)
        var sum = 0.0
        for cycle in 0..<(burnIn + cycles) {
            truth = model.advanced(truth)
            states = forecast(states)
            states = try await analysis(states, truth.map { $0 + random.normal() })
            if cycle >= burnIn { sum += error(of: states, truth) }
        }
        return sum / Double(cycles)
    }

    private func forecast(_ states: [Double]) -> [Double] {
        let rows = transposed(states, rows: model.size)
        let moved = (0..<members).flatMap { member in
            model.advanced(Array(rows[(member * model.size)..<((member + 1) * model.size)]))
        }
        return transposed(moved, rows: members)
    }

    private func error(of states: [Double], _ truth: [Double]) -> Double {
        var sum = 0.0
        for (row, value) in truth.enumerated() {
            let mean = states[(row * members)..<((row + 1) * members)].reduce(0, +) / Double(members)
            sum += (mean - value) * (mean - value)
        }
        return (sum / Double(model.size)).squareRoot()
    }

    private func transposed(_ values: [Double], rows: Int) -> [Double] {
        let columns = values.count / rows
        return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
    }
}
