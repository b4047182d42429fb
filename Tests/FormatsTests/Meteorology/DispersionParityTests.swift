import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@testable import Formats

/// Particles over HYSPLIT's columns against footprints that HYSPLIT in STILT mode (PYSTILT 0.1.0a25, its defaults, 1000
/// particles) made from the same meteorology.
///
/// The errors are those of Monte Carlo: between runs of 1000 particles the sums of either program differ by 1.3 %
/// (point) and 7 % (column), the centroids by 0.015 and 0.03 degrees (standard deviations).
@Suite(.enabled(if: Places.shared("met/arl") != nil))
struct DispersionParityTests {
    struct Case: Sendable {
        var name: String
        var heights: ClosedRange<Double>
        var sumError: Double
        var centroidError: Double
    }

    static let cases = [
        Case(name: "point", heights: 20...20, sumError: 0.013, centroidError: 0.015),
        Case(name: "column", heights: 0...3000, sumError: 0.07, centroidError: 0.03),
    ]

    private static let particles = 150

    @Test(arguments: cases) func givesTheFootprintOfStiltWithinChance(_ wanted: Case) async throws {
        let ours = try await footprint(wanted, try await air(.hysplit, .richardson))
        let theirs = try await stilt(wanted.name)
        let errors = 3 * (1 + 1000 / Double(Self.particles)).squareRoot()
        let (ratio, centre) = (ours.sum / theirs.sum, try #require(ours.centroid))
        #expect(abs(ratio - 1) < errors * wanted.sumError, "sum over theirs: \(ratio)")
        #expect(abs(centre.longitude - theirs.longitude) < errors * wanted.centroidError)
        #expect(abs(centre.latitude - theirs.latitude) < errors * wanted.centroidError)
    }

    /// The meteorology ends at 700 hPa, above which HYSPLIT holds potential temperature: its own mixed layers grow to
    /// 17 km where the ground is above 1100 m, and thin out the footprint.
    @Test func theMixedLayerOfTheFileGivesMore() async throws {
        let point = Self.cases[0]
        let diagnosed = try await footprint(point, try await air(.hysplit, .richardson))
        let given = try await footprint(point, try await air(.hysplit, .meteorology))
        #expect(given.sum > 1.25 * diagnosed.sum)
    }

    private func air(
        _ columns: GriddedAtmosphere.Columns,
        _ source: MixedLayerSource
    ) async throws -> GriddedAtmosphere {
        let path = try #require(Places.shared("met/arl/era5_matimba_20210725_00.arl")).path
        let start = try #require(Instant(iso8601: "2021-07-25T04:00:00Z"))
        let window = Period(start: start, end: start.advanced(bySeconds: 8 * 3600))
        return try GriddedAtmosphere(
            try await MeteorologyFiles.read([path], window: window),
            mixedLayer: source,
            columns: columns
        )
    }

    private func footprint(_ wanted: Case, _ air: GriddedAtmosphere) async throws -> FootprintStatistics {
        let count = Self.particles
        let depth = wanted.heights.upperBound - wanted.heights.lowerBound
        let points = (0..<count).map { index in
            ReceptorPoint(
                longitude: 27.2,
                latitude: -24.2,
                heightMetres: wanted.heights.lowerBound + depth * (Double(index) + 0.5) / Double(count),
                weight: 1 / Double(count)
            )
        }
        let noon = try #require(Instant(iso8601: "2021-07-25T12:00:00Z"))
        let receptor = Receptor(name: wanted.name, time: noon, points: points)
        var options = DispersionOptions.stilt
        options.hours = 8
        options.particles = count
        let latitude = try #require(UniformAxis(origin: -25, step: 0.05, count: 40))
        let longitude = try #require(UniformAxis(origin: 25.5, step: 0.05, count: 65))
        let grid = try #require(LatitudeLongitudeGrid(latitude: latitude, longitude: longitude))
        var gridding = FootprintGridding.Options()
        gridding.releasedParticles = count
        gridding.refinesEarlySteps = false
        var result: FootprintStatistics?
        try await ParticleRun.run(receptors: [receptor], options: options, atmosphere: air) { particles in
            let gridded = FootprintGridding(gridding)
                .footprint(of: particles.table, for: receptor, on: .longitudeLatitude(grid))
            result = FootprintStatistics(gridded.footprint)
        }
        return try #require(result)
    }

    @NetCDFThread
    private func stilt(_ name: String) throws -> (sum: Double, longitude: Double, latitude: Double) {
        let path = try #require(Places.shared("footprints/stilt-matimba/\(name)_foot.nc")).path
        let file = try NetCDFFile(reading: path)
        let values = try file.doubles("foot")
        let (rows, columns) = (try file.doubles("lat"), try file.doubles("lon"))
        var (sum, longitude, latitude) = (0.0, 0.0, 0.0)
        for (index, value) in values.enumerated() {
            sum += value
            longitude += value * columns[index % columns.count]
            latitude += value * rows[index / columns.count % rows.count]
        }
        return (sum, longitude / sum, latitude / sum)
    }
}
