import Quantities
import Testing

@testable import Transport

/// Fields of another unit and damaged ones: refused with what, where and by how much.
@Suite struct PossibleWeatherTests {
    private func problem(_ change: (inout LevelFields, inout SurfaceFields) -> Void) -> MeteorologyProblem? {
        var (fields, surface) = ColumnTests.isothermal(levels: [100, 500, 1500, 5000])
        surface.boundaryLayerMetres = [400]
        change(&fields, &surface)
        do {
            _ = try MeteorologyHour(time: Instant(microseconds: 0), levels: fields, surface: surface)
            return nil
        } catch { return error }
    }

    @Test func ordinaryAirIsTaken() { #expect(problem { _, _ in } == nil) }

    @Test func degreesCelsiusAreRefused() throws {
        let error = try #require(
            problem { fields, _ in for index in 0..<4 { fields.temperatureKelvin[index] -= 273.15 } }
        )
        guard case .impossible("temperature", let value, let allowed, 0, 0) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(abs(value - 6.85) < 0.01 && allowed == "150 to 350 K")
        #expect(problem { _, surface in surface.temperatureKelvin = [7] } != nil)
    }

    @Test func depthsBelowZeroHectopascalsAndWindsOfAnotherWorldAreRefused() {
        let bad: [(String, MeteorologyProblem?)] = [
            ("boundary-layer height", problem { _, surface in surface.boundaryLayerMetres = [-2] }),
            ("surface pressure", problem { _, surface in surface.pressurePascal = [1000] }),
            ("wind along columns", problem { fields, _ in fields.alongColumns[2] = 4e6 }),
            ("wind along rows at 10 m", problem { _, surface in surface.alongRows = [-301] }),
        ]
        for (name, error) in bad {
            guard case .impossible(name, _, _, _, _) = error else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func valuesBelowTheGroundAreNobodysAir() {
        // The lowest level lies below the ground, where producers leave what they like.
        let (base, _) = ColumnTests.isothermal(levels: [100, 500, 1500], terrain: 300)
        var (fields, surface) = ColumnTests.isothermal(levels: [100, 500, 1500], terrain: 300)
        fields.temperatureKelvin[0] = 0
        #expect(base.levels == 3)
        #expect(throws: Never.self) {
            try MeteorologyHour(time: Instant(microseconds: 0), levels: fields, surface: surface)
        }
        surface.boundaryLayerMetres = [0]
        #expect(surface.hasNoBoundaryLayer)
        surface.boundaryLayerMetres = [0, 20]
        #expect(!surface.hasNoBoundaryLayer)
    }
}
