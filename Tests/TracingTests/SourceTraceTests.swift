import Foundation
import Geo
import Quantities
import TestSupport
import Testing
import Transport

@testable import Tracing

/// Whole searches on a site made up, with readings that the model itself made.
@Suite struct SourceTraceTests {
    private func fitted(_ site: Site, _ rates: [Double]) async throws -> TracedEvent {
        let readings = try site.readings(rates: rates, emitting: 180..<330)
        let result = try await site.trace(readings)
        return try #require(result.events.first)
    }

    @Test func theSourceThatEmitsIsFoundWithItsRateAndTime() async throws {
        var site = Site()
        site.settings.windDirectionError = 3
        site.settings.modelFactor = 1.2
        for (rates, name) in [([1.2, 0], "tank"), ([0, 0.8], "well")] {
            let event = try await fitted(site, rates)
            let attribution = try #require(event.attribution)
            let first = attribution.sources[attribution.ranking[0]]
            let truth = rates.reduce(0, +)
            #expect(first.name == name)
            #expect(first.probability > 0.9 && first.probability <= 1)
            let alone = try #require(first.alone)
            #expect(abs(alone.median / truth - 1) < 0.15, "\(alone)")
            #expect(alone.lower95 < truth && truth < alone.upper95)
            #expect(alone.lower95 < alone.lower68 && alone.upper68 < alone.upper95)
            #expect(abs(event.period.start.seconds(since: Site.time(180))) <= 900)
            #expect(abs(event.period.end.seconds(since: Site.time(330))) <= 1800)
        }
    }

    @Test func twoSourcesAtOnceAreToldApart() async throws {
        var site = Site()
        site.settings.windDirectionError = 2
        site.settings.modelFactor = 1.2
        let attribution = try #require(try await fitted(site, [1.5, 0.6]).attribution)
        for (source, truth) in zip(attribution.sources, [1.5, 0.6]) {
            let rate = try #require(source.jointly)
            #expect(abs(rate.rate / truth - 1) < 0.25, "\(source.name) \(rate)")
            #expect(rate.lower95 < truth && truth < rate.upper95)
        }
        let joint = try #require(attribution.joint)
        #expect(joint.degreesOfFreedom > 1.8)
        #expect(joint.condition < 10)
    }

    @Test func aSourceThatNoSensorIsDownwindOfIsNotConstrained() async throws {
        var site = Site(turnPerHour: 0)
        site.sources.append(
            CandidateSource(name: "flare", position: Site.place(900, 0), heightMetres: 3)
        )
        let attribution = try #require(try await fitted(site, [1, 0, 0]).attribution)
        let flare = attribution.sources[2]
        #expect(!flare.isConstrained && flare.alone == nil && flare.jointly == nil)
        #expect(flare.probability == 0 && flare.detectableRate == nil)
        #expect(attribution.sources[0].isConstrained)
    }

    @Test func sourcesInOnePlaceShareTheProbability() async throws {
        var site = Site()
        site.sources[1] = CandidateSource(
            name: "twin",
            position: site.sources[0].position,
            heightMetres: 3
        )
        let attribution = try #require(try await fitted(site, [1, 0]).attribution)
        #expect(abs(attribution.sources[0].probability - attribution.sources[1].probability) < 1e-12)
        #expect(attribution.sources[0].probability <= 0.5)
        #expect(attribution.joint?.condition == .infinity)
    }

    @Test func theOrderOfTheTablesDoesNotMatter() async throws {
        let site = Site()
        let readings = try site.readings(rates: [1, 0], emitting: 180..<330)
        let straight = try await site.trace(readings)
        var generator = SeededGenerator(seed: 3)
        var mixed = site
        mixed.steps.shuffle(using: &generator)
        mixed.sources.reverse()
        let other = try await mixed.trace(readings.shuffled(using: &generator))
        #expect(straight.events.count == other.events.count && !straight.events.isEmpty)
        for (one, two) in zip(straight.events, other.events) {
            #expect(one.period == two.period && one.peakEnhancement == two.peakEnhancement)
            let (left, right) = (try #require(one.attribution), try #require(two.attribution))
            for (source, same) in zip(left.sources, right.sources.reversed()) {
                #expect(source.name == same.name)
                #expect(source.alone == same.alone)
                #expect(abs(source.probability - same.probability) < 1e-12)
                let rates = (source.jointly?.rate ?? -1, same.jointly?.rate ?? -1)
                #expect(abs(rates.0 - rates.1) <= 1e-9)
            }
        }
    }

    /// Some 40 to 80 m at 3 m/s.
    @Test(arguments: [(900.0, false), (12, true)])
    func waysThatTakeLongerThanAWindowAreNamed(window: Double, expected: Bool) async throws {
        var site = Site(minutes: 300)
        let readings = try site.readings(rates: [2, 0], emitting: 100..<200)
        site.settings.windowSeconds = window
        let ways = try await site.trace(readings).events.flatMap(\.longWays)
        #expect(ways.contains { $0.source == "tank" } == expected)
        #expect(ways.allSatisfy { $0.seconds > window && $0.metres < 90 })
    }

    @Test func readingsWithoutSourcesMakeNoEvent() async throws {
        let site = Site()
        let result = try await site.trace(try site.readings(rates: [0, 0], emitting: 0..<0))
        #expect(result.events.isEmpty, "\(result.events.map { ($0.period.start, $0.peakLevel) })")
        #expect(result.windDoubt == nil)
        #expect(result.noise.allSatisfy { $0 > 0.001 && $0 < 0.01 }, "\(result.noise)")
    }

    @Test(arguments: WindDoubt.Change.allCases)
    func windThatWasReadOtherwiseIsDoubted(change: WindDoubt.Change) async throws {
        let site = Site()
        let readings = try site.readings(rates: [1, 0], emitting: 120..<400)
        var wrong = site
        wrong.steps = site.steps.map { step in
            WindRecord.Step(time: step.time, velocity: change.velocity(step.velocity))
        }
        let doubt = try #require(try await wrong.trace(readings).windDoubt)
        #expect(doubt.change == change && doubt.gain > 20)
        #expect(try await site.trace(readings).windDoubt == nil)
    }

    @Test func sensorsThatAreDrivenCountWhereTheyAre() async throws {
        var site = Site(turnPerHour: 0)
        site.settings.windowSeconds = 60
        site.settings.windDirectionError = 3
        let fixed = try site.readings(rates: [2, 0], emitting: 100..<300)
        let names = Dictionary(uniqueKeysWithValues: site.sensors.enumerated().map { ($1.name, $0) })
        // One instrument that is at another place each ten minutes.
        let driven = fixed.filter { reading in
            (Int(reading.time.seconds(since: Site.start)) / 600 + 1) % 8 == names[reading.sensor]
        }.map { reading in
            SensorReading(
                sensor: "car",
                time: reading.time,
                position: reading.position,
                heightMetres: 2,
                moleFraction: reading.moleFraction - 0.05 * Double(names[reading.sensor] ?? 0)
            )
        }
        let events = try await site.trace(driven).events
        let attribution = try #require(events.max { $0.peakLevel < $1.peakLevel }?.attribution)
        #expect(attribution.sources[attribution.ranking[0]].name == "tank")
    }
}
