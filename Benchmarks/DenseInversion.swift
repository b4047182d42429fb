import Concurrent
import Foundation
import Inversion
import LinearAlgebra
import TestSupport

/// A dense linear Gaussian inversion: ours, with all its diagnostics, against plain calls of LAPACK and against the
/// forms of `bench_analytic.py` (numpy in state space, and the package `fips`), on problems of the same shape. Each
/// runs in a process of its own, so that its memory is its own too.
struct DenseInversion: Race {
    let name = "dense-inversion"
    /// Observations x states.
    private let sizes = [(2000, 1000), (6000, 3000)]

    func run() async throws {
        for (observations, states) in sizes {
            let shape = "\(observations) x \(states)"
            var means: [Substring] = []
            for (part, threads) in [("crosswind", 1), ("crosswind", 2), ("lapack", 1), ("lapack", 2)] {
                let line = try await DensePart.inOwnProcess(part, threads, observations, states)
                print("\(shape) \(part), threads \(threads): \(line)")
                if part == "crosswind" { means.append(line.split(separator: ";").last ?? "") }
            }
            print(
                "\(shape) crosswind, bits of one and two threads: \(means[0] == means[1] ? "same" : "DIFFER")"
            )
            try await peers(observations, states)
        }
    }

    private func peers(_ observations: Int, _ states: Int) async throws {
        guard let script = Peers.script("inversion/bench_analytic.py"),
            try await Peers.hasPython(module: "fips, scipy")
        else {
            print("peer fips: not here (needs python3 with fips, and the peers folder in CROSSWIND_PEERS)")
            return
        }
        for (which, threads) in [("state", "1"), ("state", "2"), ("fips", "1"), ("fips", "2")] {
            let run = try await ProgramRun.run(
                URL(filePath: "/usr/bin/env"),
                ["python3", script.path, String(observations), String(states), which],
                environment: ["OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads]
            )
            let output = run.status == 0 ? run.standardOutput : run.standardError
            print("peer \(which == "fips" ? "fips" : "numpy"), threads \(threads): \(output)", terminator: "")
        }
    }
}

/// 20,000 observations of 10,000 states, whose Jacobian of 1.6 GB is made row by row and never whole.
struct LargeDenseInversion: Race {
    let name = "dense-inversion-large"

    func run() async throws {
        let line = try await DensePart.inOwnProcess("streamed", 2, 20_000, 10_000)
        print("20000 x 10000 crosswind, streamed, threads 2: \(line)")
    }
}

/// One side of ``DenseInversion``, as the environment says.
struct DensePart: Race {
    let name = "dense-part"
    private static let variable = "CROSSWIND_DENSE_PART"

    static func inOwnProcess(
        _ part: String,
        _ threads: Int,
        _ observations: Int,
        _ states: Int
    ) async throws -> String {
        let run = try await ProgramRun.run(
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath(),
            ["--only", "dense-part"],
            environment: [variable: "\(part) \(threads) \(observations) \(states)"]
        )
        guard run.status == 0, let line = run.standardOutput.split(separator: "\n").last else {
            throw PeerFailure(output: run.standardError)
        }
        return String(line)
    }

    func run() async throws {
        let words = (ProcessInfo.processInfo.environment[Self.variable] ?? "").split(separator: " ")
        let numbers = words.dropFirst().compactMap { Int($0) }
        guard words.count == 4, numbers.count == 3 else { throw PeerFailure(output: "no part is named") }
        let (part, threads, observations, states) = (words[0], numbers[0], numbers[1], numbers[2])
        // As `crosswind invert` does.
        if part != "lapack" { FreedMemory.keepForIterations() }
        let line = try await onOwnThread(named: "inversion") {
            switch part {
            case "lapack":
                Self.plain(threads, SyntheticProblem.make(observations: observations, states: states))
            case "streamed": try Self.streamed(threads, observations, states)
            default: try Self.ours(threads, SyntheticProblem.make(observations: observations, states: states))
            }
        }
        print(line)
    }

    private static func ours(_ threads: Int, _ problem: LinearProblem) throws -> String {
        try measured {
            try GaussianSolver.solve(problem, threads: threads)
        } describing: {
            "DOFS \($0.degreesOfFreedomForSignal), J/n \($0.costPerObservation)"
                + ";\($0.mean.map(\.bitPattern).hashSum) \($0.covariance.storage.map(\.bitPattern).hashSum)"
        }
    }

    private static func plain(_ threads: Int, _ problem: LinearProblem) -> String {
        BLASConfiguration.useThreads(threads)
        return measured {
            PlainLAPACK.posteriorMean(problem)
        } describing: {
            "posterior mean and covariance only, first \($0[0])"
        }
    }

    private static func streamed(_ threads: Int, _ observations: Int, _ states: Int) throws -> String {
        let problem = SyntheticProblem.streamed(observations, states)
        return try measured {
            try GaussianSolver.solve(problem, threads: threads)
        } describing: {
            "DOFS \($0.degreesOfFreedomForSignal), J/n \($0.costPerObservation)"
        }
    }

    private static func measured<Value>(
        _ body: () throws -> Value,
        describing: (Value) -> String
    ) rethrows -> String {
        let clock = ContinuousClock()
        let (start, processor) = (clock.now, processorSeconds)
        let value = try body()
        let wall = (clock.now - start) / .seconds(1)
        let own = processorSeconds - processor
        return String(format: "%.3f s, %.3f s of processor, peak %.0f MiB", wall, own, peakMebibytes)
            + ", " + describing(value)
    }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }

    private static var processorSeconds: Double {
        let usage = usage
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return Double(seconds) + 1e-6 * Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }

    private static var peakMebibytes: Double { Double(usage.ru_maxrss) / 1024 }
}

extension [UInt64] {
    /// Tells arrays of different bits apart.
    fileprivate var hashSum: UInt64 { reduce(14_695_981_039_346_656_037) { ($0 ^ $1) &* 1_099_511_628_211 } }
}

/// A problem with exponentially correlated prior on a square lattice and a positive, skewed Jacobian.
enum SyntheticProblem {
    static func make(observations: Int, states: Int) -> LinearProblem {
        let rows = SyntheticRows(rows: observations, columns: states)
        let jacobian = rows.jacobian(rows: 0..<observations)
        let (truth, noise) = truthAndNoise(observations, states)
        return LinearProblem(
            jacobian: jacobian,
            observations: zip(jacobian.times(truth), noise).map { $0 + $1 },
            observationError: .independent([Double](repeating: 2, count: observations)),
            priorMean: [Double](repeating: 1, count: states),
            priorError: .covariance(prior(states)),
            stateNames: (0..<states).map { "x\($0)" }
        )
    }

    static func streamed(_ observations: Int, _ states: Int) -> StreamedProblem<SyntheticRows> {
        let rows = SyntheticRows(rows: observations, columns: states)
        let (truth, noise) = truthAndNoise(observations, states)
        let values = noise.indices.map { rows.jacobian(rows: $0..<($0 + 1)).times(truth)[0] + noise[$0] }
        return StreamedProblem(
            jacobian: rows,
            observations: values,
            sigma: [Double](repeating: 2, count: observations),
            priorMean: [Double](repeating: 1, count: states),
            priorError: .covariance(prior(states)),
            stateNames: (0..<states).map { "x\($0)" }
        )
    }

    private static func truthAndNoise(_ observations: Int, _ states: Int) -> ([Double], [Double]) {
        var random = SeededGenerator(seed: 0)
        let truth = (0..<states).map { _ in 1 + 0.5 * random.normal() }
        return (truth, (0..<observations).map { _ in 2 * random.normal() })
    }

    private static func prior(_ states: Int) -> Matrix {
        let side = Int(Double(states).squareRoot().rounded(.up))
        var prior = Matrix(rows: states, columns: states)
        for first in 0..<states {
            for second in 0...first {
                let distance = hypot(
                    Double(first / side - second / side),
                    Double(first % side - second % side)
                )
                let covariance = 0.25 * exp(-distance / 4)
                prior[first, second] = covariance
                prior[second, first] = covariance
            }
        }
        return prior
    }
}

/// Each row from a seed of its own.
struct SyntheticRows: JacobianRows {
    let rows: Int
    let columns: Int

    func jacobian(rows range: Range<Int>) -> Matrix {
        var values: [Double] = []
        values.reserveCapacity(range.count * columns)
        for row in range {
            var random = SeededGenerator(seed: UInt64(row + 1))
            let strength = random.uniform()
            for _ in 0..<columns {
                let value = random.uniform()
                values.append(strength * value * value * value)
            }
        }
        return Matrix(rows: range.count, columns: columns, storage: values)
    }
}
