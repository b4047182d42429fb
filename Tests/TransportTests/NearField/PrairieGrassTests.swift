import Foundation
import TestSupport
import Testing

@testable import Transport

/// What was measured on an arc and what a model says, g m-3 for peaks and g m-2 across the wind.
private struct ArcPair {
    let run: Int
    let distance: Double
    let measured: Double
    let modelled: Double
}

/// How well models do, after Chang and Hanna (2004), Meteorology and Atmospheric Physics 87, 167.
private struct Skill: CustomStringConvertible {
    let geometricMeanBias: Double
    let geometricVariance: Double
    let fractionalBias: Double
    let withinFactorTwo: Double

    init(_ pairs: [ArcPair]) {
        let count = Double(pairs.count)
        let ratios = pairs.map { log($0.measured / $0.modelled) }
        geometricMeanBias = exp(ratios.reduce(0, +) / count)
        geometricVariance = exp(ratios.reduce(0) { $0 + $1 * $1 } / count)
        let measured = pairs.reduce(0) { $0 + $1.measured }
        let modelled = pairs.reduce(0) { $0 + $1.modelled }
        fractionalBias = 2 * (measured - modelled) / (measured + modelled)
        withinFactorTwo = Double(ratios.count { abs($0) <= log(2) }) / count
    }

    var description: String {
        let numbers = [geometricMeanBias, geometricVariance, fractionalBias, withinFactorTwo]
        return "MG VG FB FAC2 " + numbers.map { "\(($0 * 1000).rounded() / 1000)" }.joined(separator: " ")
    }
}

/// Runs of Project Prairie Grass; see Tests/Fixtures/CREDITS.md.
private struct PrairieGrass {
    struct Run {
        let number: Int
        let emission: Double
        let obukhov: Double
        let wind: Double
        let deviation: Double
    }

    struct Arc {
        let run: Run
        let distance: Double
        let peak: Double
        let crosswind: Double
    }

    let arcs: [Arc]
    static let roughness = 0.006

    init() throws {
        let folder = Places.fixtures.appending(path: "prairie-grass")
        func rows(_ name: String) throws -> [[Substring]] {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                .split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
        }
        var runs: [Int: Run] = [:]
        for row in try rows("runs.csv") {
            let numbers = row.compactMap { Double($0) }
            try #require(numbers.count == 6)
            let number = Int(numbers[0])
            runs[number] = Run(
                number: number,
                emission: numbers[1],
                obukhov: numbers[2],
                wind: numbers[4],
                deviation: numbers[5] * .pi / 180
            )
        }
        arcs = try rows("arcs.csv").map { row in
            let number = try #require(Int(row[0]))
            let run = try #require(runs[number])
            let (distance, step) = (try #require(Double(row[1])), try #require(Double(row[2])))
            return Self.arc(run, distance, step, row[3].split(separator: " ").compactMap { Double($0) })
        }
    }

    /// Peak, and the trapezoids across what was sampled; -9 was not.
    private static func arc(_ run: Run, _ distance: Double, _ step: Double, _ values: [Double]) -> Arc {
        let known = values.enumerated().filter { $0.element >= 0 }
        var integral = 0.0
        for (one, next) in zip(known, known.dropFirst()) {
            integral += (one.element + next.element) / 2 * Double(next.offset - one.offset)
        }
        let metres = integral * step * .pi / 180 * distance
        return Arc(
            run: run,
            distance: distance,
            peak: (known.map(\.element).max() ?? 0) * 1e-3,
            crosswind: metres * 1e-3
        )
    }

    func plume(_ kind: String, _ run: Run) throws -> GaussianPlume {
        let layer = try #require(
            SurfaceLayer(
                windSpeed: run.wind,
                atMetres: 2,
                obukhovMetres: run.obukhov,
                roughnessMetres: Self.roughness
            )
        )
        let stability = StabilityClass(obukhovMetres: run.obukhov, roughnessMetres: Self.roughness)
        let spread: PlumeSpread =
            switch kind {
            case "Pasquill-Gifford": .pasquillGifford(stability)
            case "Briggs": .briggs(stability, .rural)
            case "measured":
                .measured(
                    MeasuredTurbulence(
                        across: run.wind * tan(run.deviation),
                        vertical: layer.verticalTurbulence(atMetres: 2),
                        isStable: run.obukhov > 0
                    )
                )
            default: .surfaceLayer(layer, across: run.wind * tan(run.deviation))
            }
        return GaussianPlume(spread: spread, wind: .logarithmic(layer), sourceMetres: 0.46)
    }

    func pairs(_ kind: String, peaks: Bool) throws -> [ArcPair] {
        try arcs.map { arc in
            let plume = try plume(kind, arc.run)
            let modelled =
                peaks
                ? plume.concentration(downwindMetres: arc.distance, acrossMetres: 0, atMetres: 1.5)
                : plume.crosswindIntegral(downwindMetres: arc.distance, atMetres: 1.5)
            return ArcPair(
                run: arc.run.number,
                distance: arc.distance,
                measured: peaks ? arc.peak : arc.crosswind,
                modelled: modelled * arc.run.emission
            )
        }
    }
}

@Suite struct PrairieGrassTests {
    @Test func arcsAreWhatWasMeasured() throws {
        let arcs = try PrairieGrass().arcs
        #expect(arcs.count == 59)
        let arc = try #require(arcs.first { $0.run.number == 22 && $0.distance == 100 })
        #expect(arc.peak == 0.0818)
        // Sum of the samples, the ends are nought, times 2 degrees of 100 m.
        #expect(abs(arc.crosswind - 0.38397 * 3.490_658_5) < 1e-3)
    }

    /// Its formulas were fitted to this experiment by their authors, and the limits here set from what came out: the
    /// test tells that they are written down rightly and stay so, not how good they are elsewhere. At 800 m the
    /// crosswind integral is a third too high (geometric mean bias 0.74); uptake by the grass, not modelled, may be
    /// why.
    @Test func surfaceLayerModelMeetsTheArcs() throws {
        let data = try PrairieGrass()
        let pairs = try data.pairs("surface layer", peaks: false)
        let crosswind = Skill(pairs)
        #expect(crosswind.withinFactorTwo > 0.95, "\(crosswind)")
        #expect(abs(log(crosswind.geometricMeanBias)) < log(1.12), "\(crosswind)")
        #expect(crosswind.geometricVariance < 1.08, "\(crosswind)")
        #expect(abs(crosswind.fractionalBias) < 0.05, "\(crosswind)")
        let near = Skill(pairs.filter { $0.distance <= 200 })
        #expect(abs(log(near.geometricMeanBias)) < 0.05 && near.geometricVariance < 1.02, "\(near)")
        let peaks = Skill(try data.pairs("surface layer", peaks: true))
        #expect(peaks.withinFactorTwo > 0.95, "\(peaks)")
        #expect(abs(log(peaks.geometricMeanBias)) < log(1.2), "\(peaks)")
        #expect(peaks.geometricVariance < 1.1, "\(peaks)")
    }

    /// Chang and Hanna call a model acceptable with more than half within a factor of two, a fractional bias within
    /// 0.3, a geometric variance below 1.6 and a geometric mean bias of 0.7 to 1.3. Both pass but for the last: Briggs
    /// has 1.315 across the wind. The limits are set from what came out.
    @Test(arguments: ["Pasquill-Gifford", "Briggs"])
    func curvesOfClassesAreNearlyAcceptable(kind: String) throws {
        let data = try PrairieGrass()
        let crosswind = Skill(try data.pairs(kind, peaks: false))
        #expect(crosswind.withinFactorTwo > 0.85, "\(crosswind)")
        #expect(abs(crosswind.fractionalBias) < 0.3, "\(crosswind)")
        #expect(crosswind.geometricVariance < 1.4, "\(crosswind)")
        #expect((0.7...1.33).contains(crosswind.geometricMeanBias), "\(crosswind)")
        let peaks = Skill(try data.pairs(kind, peaks: true))
        #expect((0.7...1.3).contains(peaks.geometricMeanBias), "\(peaks)")
        #expect(peaks.withinFactorTwo > 0.65, "\(peaks)")
        #expect(abs(peaks.fractionalBias) < 0.15, "\(peaks)")
        #expect(peaks.geometricVariance < 1.6, "\(peaks)")
    }

    /// Vertical turbulence was not at hand and is taken as 1.3 u*: then the crosswind integral comes out too low, by a
    /// fractional bias of 0.47, beyond the 0.3 of acceptable models.
    @Test func taylorsLawWithEstimatedTurbulenceIsTooLow() throws {
        let crosswind = Skill(try PrairieGrass().pairs("measured", peaks: false))
        #expect(crosswind.withinFactorTwo > 0.8 && crosswind.geometricVariance < 1.4, "\(crosswind)")
        #expect((1.2...1.5).contains(crosswind.geometricMeanBias), "\(crosswind)")
    }
}
