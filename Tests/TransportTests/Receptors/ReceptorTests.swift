import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Transport

private let midday = Instant(CivilTime(year: 2021, month: 7, day: 25, hour: 12))

@Suite struct ReceptorTests {
    @Test func anInletThatAveragesLeavesParticlesOverItsTime() {
        let receptor = Receptor.inlet(
            name: "a",
            time: midday,
            longitude: 27.6,
            latitude: -23.7,
            heightMetres: 10,
            averagingSeconds: 3600,
            releases: 4
        )
        #expect(receptor.points.map(\.secondsAfter) == [450, 1350, 2250, 3150])
        #expect(receptor.points.allSatisfy { $0.weight == 0.25 && $0.heightMetres == 10 })
        #expect(receptor.period == Period(start: midday, end: midday.advanced(bySeconds: 3600)))
        #expect(Receptor.usualReleases(seconds: 3600) == 12)
        #expect(Receptor.usualReleases(seconds: 1e12) == 288)
    }

    @Test func aMomentIsOnePoint() {
        let receptor = Receptor.inlet(name: "a", time: midday, longitude: 1, latitude: 2, heightMetres: 3)
        #expect(receptor.points == [ReceptorPoint(longitude: 1, latitude: 2, heightMetres: 3)])
        #expect(receptor.averagingSeconds == 0)
    }

    @Test func aDriveCountsByDwellTime() throws {
        // Waits a minute at the second place, passes the third in ten seconds.
        let fixes = [(0.0, 10.0), (10, 10.1), (70, 10.1), (80, 10.2)].map {
            TrackFix(time: midday.advanced(bySeconds: $0.0), longitude: $0.1, latitude: 50)
        }
        let receptor = try #require(Receptor.drive(name: "d", fixes: fixes.reversed(), inletMetres: 2))
        #expect(receptor.time == midday)
        #expect(receptor.averagingSeconds == 80)
        #expect(receptor.points.map(\.weight) == [5, 35, 35, 5].map { $0 / 80 })
        #expect(receptor.points.map(\.secondsAfter) == [0, 10, 70, 80])
    }

    @Test func silencesCountForNobody() throws {
        let fixes = [0.0, 10, 1000, 1030].map {
            TrackFix(time: midday.advanced(bySeconds: $0), longitude: 10, latitude: 50)
        }
        let receptor = try #require(Receptor.drive(name: "d", fixes: fixes, inletMetres: 2))
        #expect(receptor.points.map(\.weight) == [5, 5, 15, 15].map { $0 / 40 })
        let lone = try #require(Receptor.drive(name: "d", fixes: [fixes[0], fixes[2]], inletMetres: 2))
        #expect(lone.points.map(\.weight) == [0.5, 0.5])
        #expect(Receptor.drive(name: "d", fixes: [], inletMetres: 2) == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func aThinnedDriveKeepsWeightAndMeanPlace(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var time = 0.0
        // Across the antimeridian.
        let fixes = (0..<500).map { index in
            time += 1 + 5 * random.uniform()
            let longitude = 179.9 + Double(index) * 0.0004
            return TrackFix(
                time: midday.advanced(bySeconds: time),
                longitude: longitude >= 180 ? longitude - 360 : longitude,
                latitude: 50 + 0.01 * random.uniform()
            )
        }
        let whole = try #require(Receptor.drive(name: "d", fixes: fixes, inletMetres: 2, mostPoints: 1000))
        let thin = try #require(Receptor.drive(name: "d", fixes: fixes, inletMetres: 2, mostPoints: 20))
        #expect(thin.points.count == 20)
        #expect(whole.points.count == 500)
        #expect(abs(thin.weight - 1) < 1e-12)
        let (exact, near) = (whole.meanPlace, thin.meanPlace)
        #expect(abs(longitudeDifference(exact.longitude, from: near.longitude)) < 1e-10)
        #expect(abs(exact.latitude - near.latitude) < 1e-10)
        #expect(abs(exact.secondsAfter - near.secondsAfter) < 1e-6)
        #expect(thin.points.allSatisfy { (0.03...0.07).contains($0.weight) })
    }

    @Test func aLineOfSightIsItsMean() {
        let receptor = Receptor.lineOfSight(
            name: "l",
            time: midday,
            from: ReceptorPoint(longitude: 179.5, latitude: 10, heightMetres: 2),
            to: ReceptorPoint(longitude: -179.5, latitude: 12, heightMetres: 42),
            points: 4
        )
        #expect(receptor.points.map(\.longitude) == [179.625, 179.875, -179.875, -179.625])
        #expect(receptor.points.map(\.heightMetres) == [7, 17, 27, 37])
        #expect(receptor.weight == 1)
        #expect(receptor.meanPlace.longitude == -180)
        #expect(receptor.meanPlace.heightMetres == 22)
    }
}
