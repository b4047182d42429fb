import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing

@testable import Transport

private let columnFile = "footprints/name/THW-column_NAME_UMG_EUROPE_TEST_inert_202304.nc"
private let fluxFile = "inversion/rhime-uk/flux_total_ch4_europe_edgar7_2019-01-01_2019-12-31_data.nc"
private let closedFile = "footprints/name/RGL-90magl_UKV_co2_TEST_201401.nc"

/// Footprints of NAME against what numpy computes of the same files.
@Suite struct FootprintReferenceTests {
    private struct Fields: Sendable {
        var latitudes: [Double]
        var longitudes: [Double]
        var fields: [[Double]]
    }

    @NetCDFThread private func read(
        _ path: String,
        _ latitude: String,
        _ longitude: String,
        _ names: [String]
    ) throws
        -> Fields
    {
        let file = try NetCDFFile(reading: try #require(Places.shared(path)).path)
        return try Fields(
            latitudes: file.doubles(latitude),
            longitudes: file.doubles(longitude),
            fields: names.map { try file.doubles($0) }
        )
    }

    private func grid(_ fields: Fields) throws -> CellGrid {
        let latitude = try #require(UniformAxis(centres: fields.latitudes))
        let longitude = try #require(UniformAxis(centres: fields.longitudes))
        return .longitudeLatitude(
            try #require(LatitudeLongitudeGrid(latitude: latitude, longitude: longitude))
        )
    }

    @Test(.enabled(if: Places.shared(columnFile) != nil && Places.shared(fluxFile) != nil))
    func aColumnOfNAMETimesEDGARIsTheReferenceValue() async throws {
        let column = try await read(columnFile, "latitude", "longitude", ["srr"])
        let flux = try await read(fluxFile, "lat", "lon", ["flux"])
        let history = try FluxHistory(
            grid: try grid(flux),
            periods: [hours(-1, 0)],
            values: flux.fields[0].map { $0 * 1e6 }
        )
        let operation = FootprintOperator(flux: history)
        let size = history.grid.cellCount
        let cells = (0..<size).map { Int32($0) }
        for (time, expected) in [4.9761192734, 5.3075810876, 5.1752595592, 5.7213204069].enumerated() {
            let values = Array(column.fields[0][(time * size)..<((time + 1) * size)])
            let footprint = ReceptorFootprint(
                receptor: "THW",
                time: noon,
                averagingSeconds: 3600,
                place: nil,
                grid: try grid(column),
                layers: [FootprintLayer(emission: nil, cells: cells, values: values)]
            )
            let partsPerBillion = try operation.enhancement(footprint).partsPerMillion * 1000
            #expect(abs(partsPerBillion / expected - 1) < 1e-9, "\(partsPerBillion)")
        }
    }

    @Test(.enabled(if: Places.shared(closedFile) != nil))
    func thePartsByTimeOfTheRidgeHillFileSumToItsWhole() async throws {
        let fields = try await read(closedFile, "lat", "lon", ["fp", "fp_HiTRes"])
        let (cells, times, slots) = (144, 49, 25)
        #expect(fields.fields[1].count == cells * times * slots)
        for time in 0..<times {
            let layer = { (value: (Int) -> Double) in
                FootprintLayer(
                    emission: nil,
                    cells: (0..<144).map { Int32($0) },
                    values: (0..<cells).map(value)
                )
            }
            let whole = layer { fields.fields[0][$0 * times + time] }
            let parts = (0..<slots).map { slot in
                layer { fields.fields[1][($0 * times + time) * slots + slot] }
            }
            let closure = FootprintClosure(whole: whole, parts: parts)
            #expect(closure.verdict == .closed, "\(time): \(closure.line)")
        }
    }
}
