import Formats
import Foundation
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

@Suite(.enabled(if: Places.shared("footprints/name") != nil))
struct FootprintInspectionTests {
    private func inspect(_ name: String) async throws -> FootprintInspection {
        try await FootprintInspection.inspect(try #require(FootprintData.path(name)))
    }

    @Test func theSumOverTheHoursIsTheWholeAtRidgeHill() async throws {
        let inspection = try await inspect("name/RGL-90magl_UKV_co2_TEST_201401.nc")
        let closure = try #require(inspection.closure)
        #expect(closure.holds && closure.compared == 49)
        #expect(closure.absoluteDifference < 1e-12)
        #expect(inspection.warnings.isEmpty, "\(inspection.warnings)")
        #expect(inspection.layers.largest == 25)
        #expect(inspection.lines.contains { $0.hasPrefix("sum of layers") && $0.contains("holds in 49") })
    }

    @Test func atTacolnestonItIsNotAndTheFileSaysSo() async throws {
        let inspection = try await inspect("name/TAC-100magl_UKV_co2_TEST_201407.nc")
        let closure = try #require(inspection.closure)
        #expect(!closure.holds && closure.compared == 37)
        #expect(abs(closure.ratio - 1.032) < 5e-4, "\(closure)")
        #expect(abs(closure.differenceShare - 0.54) < 5e-3)
        #expect(inspection.unresolved == 36)
        #expect(inspection.warnings.contains { $0.contains("ratio of all") })
        #expect(inspection.warnings.contains { $0.hasPrefix("36 footprints are integrated alone") })
    }

    @Test(arguments: FootprintData.names)
    func everyRealFileIsToldInLines(_ name: String) async throws {
        let inspection = try await inspect(name)
        #expect(inspection.footprints > 0 && inspection.sums.largest > 0)
        // The residual of that file is a difference.
        #expect((inspection.negativeCells > 0) == name.contains("TAC"))
        #expect(inspection.lines.count >= 10)
        #expect(!inspection.lines.joined().contains("nan"))
        if ProcessInfo.processInfo.environment["CROSSWIND_MEASURE"] != nil {
            print(inspection.lines.joined(separator: "\n"))
        }
    }

    @Test func aFinerGridAndALossAreWarnedOf() async throws {
        let finer = try await inspect("name/footprint_test.nc")
        #expect(finer.warnings.contains { $0.contains("finer grid") })
        #expect(abs(finer.sums.largest - 16.518936) < 1e-5)
        let lossy = try await inspect("name/MHD-10magl_UKV_hfo-1234zee_EUROPE_201401_test.nc")
        #expect(lossy.warnings.contains { $0.contains("lifetime 1351") })
    }
}
