import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Transport

@testable import Tracing

/// Input that nobody looked at before.
@Suite struct UntrustedInputTests {
    private func reading(_ site: Site, _ minute: Int, _ value: Double, _ position: Position? = nil)
        -> SensorReading
    {
        SensorReading(
            sensor: "S",
            time: Site.time(minute),
            position: position ?? site.sensors[0].position,
            heightMetres: 2,
            moleFraction: value
        )
    }

    @Test func nothingToReadIsSaid() async throws {
        let site = Site(minutes: 10)
        let wind = try WindRecord(site.steps)
        #expect(throws: TraceError.noReadings) { try SourceTrace([], wind: wind, site.settings) }
        #expect(throws: TraceError.noReadings) {
            try SourceTrace([reading(site, 0, .nan), reading(site, 1, .infinity)], wind: wind, site.settings)
        }
        #expect(throws: TraceError.noWind) { try WindRecord([]) }
        #expect(throws: TraceError.noWind) {
            try WindRecord([WindRecord.Step(time: Site.start, velocity: SIMD2(.nan, 0))])
        }
        #expect(throws: TraceError.noCommonTime) {
            try SourceTrace([reading(site, 100_000, 2)], wind: wind, site.settings)
        }
    }

    @Test func placesFarApartAreNamed() async throws {
        let site = Site(minutes: 10)
        let wind = try WindRecord(site.steps)
        let far = try #require(Position(longitude: 104, latitude: 30))
        #expect(throws: TraceError.self) {
            try SourceTrace([reading(site, 0, 2), reading(site, 1, 2, far)], wind: wind, site.settings)
        }
        let search = try SourceTrace([reading(site, 0, 2)], wind: wind, site.settings)
        await #expect(throws: TraceError.self) {
            _ = try await search.perform(sources: [CandidateSource(name: "x", position: far, heightMetres: 1)]
            )
        }
    }

    @Test func aReadingPerCenturyIsRefusedAndNoneIsTooMany() throws {
        let site = Site(minutes: 10)
        let ages = [Int64.min, 0, Int64.max].map { moment in
            SensorReading(
                sensor: "S",
                time: Instant(microseconds: moment),
                position: Site.place(0, 0),
                heightMetres: 2,
                moleFraction: 2
            )
        }
        let wind = try WindRecord(site.steps)
        #expect(throws: TraceError.self) { try SourceTrace(ages, wind: wind, site.settings) }
    }

    /// Calm, gaps, sensors on top of sources, values of any size: no trap, and numbers that are numbers.
    @Test(arguments: 0..<40) func whateverComesGivesIntervalsInOrder(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var site = Site(minutes: 240, seed: UInt64(seed))
        site.steps = site.steps.filter { _ in generator.uniform() < 0.8 }.map { step in
            WindRecord.Step(
                time: step.time,
                velocity: step.velocity * (seed % 3 == 0 ? 0 : generator.uniform())
            )
        }
        site.sources.append(
            CandidateSource(name: "here", position: site.sensors[0].position, heightMetres: 0)
        )
        site.sources.append(CandidateSource(name: "high", position: Site.place(5, 5), heightMetres: 500))
        if seed % 4 == 0 { site.settings.background = .upwind(10, hours: 2) }
        if seed % 5 == 0 { site.settings.windDirectionError = 0 }
        let scale = [1.0, 1e-6, 1e6][seed % 3]
        var readings: [SensorReading] = []
        for minute in 0..<240 where generator.uniform() < 0.7 {
            let spike = generator.uniform() < 0.1 ? 50.0 : 0
            for sensor in site.sensors.prefix(1 + seed % 8) {
                readings.append(
                    SensorReading(
                        sensor: sensor.name,
                        time: Site.time(minute),
                        position: sensor.position,
                        heightMetres: Double(seed % 5),
                        moleFraction: scale * (2 + generator.normal() + spike)
                    )
                )
            }
        }
        let result = try await site.trace(readings)
        for source in result.events.flatMap({ $0.attribution?.sources ?? [] }) {
            #expect((0...1).contains(source.probability))
            guard let alone = source.alone, let joint = source.jointly else { continue }
            let inOrder = [alone.lower95, alone.lower68, alone.median, alone.upper68, alone.upper95]
            #expect(inOrder == inOrder.sorted() && inOrder.allSatisfy { $0 > 0 && $0.isFinite }, "\(inOrder)")
            #expect(joint.lower95 >= 0 && joint.lower95 <= joint.rate && joint.rate <= joint.upper95)
        }
    }
}
