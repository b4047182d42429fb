import Geo
import Quantities
import TestSupport
import Testing

@testable import Observations

/// What a test finds in series that are all there, and how often each was asked for.
private struct Surroundings {
    var own: Instrument
    var others: [CompanionSeries: [Reading]] = [:]
    private var readings: [Reading] = []

    init(_ own: Instrument) { self.own = own }

    mutating func verdicts(
        of readings: [Reading],
        _ memory: inout ComparisonMemory
    ) throws -> [QualityVerdict] {
        let comparison = try #require(SeriesComparison(own))
        var supply = others
        supply[comparison.companions.own] = readings
        return comparison.verdicts(readings, &memory) { series, period in
            (supply[series] ?? []).filter { period.contains($0.time) }.compactMap(ComparedValue.init)
        }
    }

    mutating func verdicts(of readings: [Reading]) throws -> [QualityVerdict] {
        var memory = ComparisonMemory()
        return try verdicts(of: readings, &memory)
    }
}

private func name(_ station: String, _ gas: Gas = .co2) -> CompanionSeries {
    CompanionSeries(station: station, instrument: "i", gas: gas)
}

private func instrument(_ companions: (inout Companions, inout QualityProfile) -> Void) -> Instrument {
    var instrument = Instrument(
        id: "i",
        gas: .co2,
        unit: .partsPerMillion,
        scale: .unstated,
        inletHeightMetres: nil,
        grossRange: GrossRange(failBelow: 0, suspectBelow: 0, suspectAbove: 3000, failAbove: 3000),
        standardUncertaintyPartsPerMillion: 1
    )
    var named = Companions(of: name("s"))
    companions(&named, &instrument.quality)
    instrument.companions = named
    return instrument
}

private let day = 24

@Suite struct QualityCompanionTests {
    /// Hourly; what all stations share, and a scatter of each.
    private func station(_ seed: UInt64, days: Int = 40) -> [Reading] {
        var random = SeededGenerator(seed: seed)
        let values = (0..<days * day).map { hour -> Double in
            let scatter = min(max(random.normal(), -2), 2)
            return 420 + Double(hour % 24) + Double(seed) * 5 + scatter
        }
        return QualitySamples.series(values, step: 3600)
    }

    private func changed(_ readings: [Reading], _ hours: Range<Int>, by difference: Double) -> [Reading] {
        readings.enumerated().map { place, reading in
            guard hours.contains(place), let value = reading.valuePartsPerMillion else { return reading }
            return QualitySamples.reading(at: Double(place) * 3600, value + difference)
        }
    }

    private func buddies(_ count: Int) -> Surroundings {
        var around = Surroundings(
            instrument {
                $0.buddies = (1...count).map { name("b\($0)") }
                $1.buddy = BuddyLimit()
            }
        )
        for index in 1...count { around.others[name("b\(index)")] = station(UInt64(index)) }
        return around
    }

    @Test func aBuddyContradictsWhatOnlyOneStationSees() throws {
        var around = buddies(1)
        let own = changed(station(0), 900..<903, by: 30)
        let verdicts = try around.verdicts(of: own)
        #expect(verdicts.places(.buddy) == [900, 901, 902] && verdicts[901].flag == .suspect)
        #expect(verdicts[899].flag == .good)
        // Nobody knows how the differences vary before there are twenty pairs: seven a night, from 22 to 5.
        let first = try #require(verdicts.firstIndex { $0.flag != .notEvaluated })
        #expect(first == 3 * day + 12)
        around.others = [:]
        #expect(try around.verdicts(of: own).allSatisfy { $0.flag == .notEvaluated })
    }

    /// The nights before count and no others: an instrument that has been moved is like it was after a month.
    @Test func theUsualDifferenceIsThatOfTheNightsBefore() throws {
        var around = buddies(1)
        let moved = changed(station(0), 20 * day..<40 * day, by: 30)
        let doubted = try around.verdicts(of: moved).places(.buddy)
        #expect(doubted.first == 20 * day)
        // Half of the nights since the record began are new ones.
        let last = try #require(doubted.last)
        #expect(last > 30 * day && last < 40 * day - 1)
        var late = moved
        late[39 * day + 20] = QualitySamples.reading(at: Double(39 * day + 20) * 3600, 900)
        let others = try around.verdicts(of: late)
        let before = try around.verdicts(of: moved)
        #expect(others.prefix(39 * day + 20) == before.prefix(39 * day + 20))
    }

    @Test func ofThreeStationsTheOneThatIsWrongIsFound() throws {
        for bad in [0, 1] {
            var around = buddies(2)
            var own = station(0)
            if bad == 0 {
                own = changed(own, 900..<910, by: -40)
            } else {
                around.others[name("b1")] = changed(station(1), 900..<910, by: -40)
            }
            let doubted = try around.verdicts(of: own).places(.buddy)
            #expect(doubted == (bad == 0 ? Array(900..<910) : []))
        }
    }

    /// What is in doubt by itself judges nobody.
    @Test func aDoubtfulNeighbourIsNotAsked() throws {
        var around = buddies(1)
        var other = changed(station(1), 900..<901, by: 50)
        other[900].flag = .suspect
        around.others[name("b1")] = other
        #expect(try around.verdicts(of: station(0)).places(.buddy) == [])
        other[900].flag = .good
        around.others[name("b1")] = other
        #expect(try around.verdicts(of: station(0)).places(.buddy) == [900])
    }

    @Test(arguments: [-100.0, 0, 116.4, 179.9])
    func theNightIsThatOfTheLongitude(longitude: Double) throws {
        var around = buddies(1)
        around.own.companions?.longitude = longitude
        let verdicts = try around.verdicts(of: station(0))
        let first = try #require(verdicts.firstIndex { $0.flag != .notEvaluated })
        // The first day to look back at twenty pairs begins at a noon there.
        let solar = (Double(first) + longitude / 15).truncatingRemainder(dividingBy: 24)
        #expect((solar < 0 ? solar + 24 : solar) >= 12 && (solar < 0 ? solar + 24 : solar) < 13)
    }

    @Test func driftFromTheReferenceShowsInTheMedian() throws {
        var around = Surroundings(
            instrument {
                $0.reference = name("r")
                $1.colocation = ColocationLimit()
            }
        )
        let count = 10 * 1440
        let reference = (0..<count).map { 420 + 20 * Double($0 % 97) / 97 }
        // 2 ppm of drift a day, and a single wild value that is no drift.
        let own = reference.enumerated().map {
            $0.element + Double($0.offset) / 720 + ($0.offset == 100 ? 500 : 0)
        }
        around.others[name("r")] = QualitySamples.series(reference, step: 60)
        let verdicts = try around.verdicts(of: QualitySamples.series(own, step: 60))
        let drifted = verdicts.places(.colocation)
        // The median of the day before passes 10 ppm after five days and a half, at a full hour.
        let first = try #require(drifted.first)
        #expect(first % 60 == 0 && abs(first - 11 * 720) <= 60)
        #expect(drifted.count == count - first)
        #expect(verdicts[100].flag == .notEvaluated && verdicts[200].flag == .good)
    }

    /// A sensor by the minute, beside a reference that is stamped at any minute of five.
    @Test(arguments: 0..<5)
    func aReferenceMayReportAtAnyMinute(minute: Int) throws {
        var around = Surroundings(
            instrument {
                $0.reference = name("r")
                $1.colocation = ColocationLimit()
            }
        )
        let reference = QualitySamples.series(Array(repeating: 420, count: 2 * 1440), step: 60)
        around.others[name("r")] = reference.enumerated().filter { $0.offset % 5 == minute }.map(\.element)
        let own = QualitySamples.series(Array(repeating: 450, count: 2 * 1440), step: 60)
        let drifted = try around.verdicts(of: own).places(.colocation)
        // Twenty pairs are there after 100 minutes, and count from the next hour on.
        #expect(drifted == Array(120..<2 * 1440))
    }

    /// The pair of a step is its first own reading that has a partner, and no other.
    @Test func eachStepGivesItsFirstPair() {
        let own = ComparedAir(
            times: [0, 60, 120, 300, 360, 700].map { $0 * 1_000_000 },
            values: [1, 2, 3, 4, 5, 6]
        )
        let other = ComparedAir(times: [60, 120, 310, 900].map { $0 * 1_000_000 }, values: [0, 0, 0, 0])
        let period = Period(start: Instant(microseconds: 0), end: Instant(microseconds: 900_000_000))
        let pairs = own.differences(from: other, in: period, stepSeconds: 300, nearSeconds: 30)
        #expect(pairs == [2, 4])
        #expect(own.differences(from: other, in: period, stepSeconds: 300, nearSeconds: 60) == [1, 4])
    }

    /// A neighbour that checks its zero at the beginning of each hour.
    @Test func aNeighbourThatIsSilentAtFullHoursIsCompared() throws {
        var around = Surroundings(
            instrument {
                $0.buddies = [name("b")]
                $1.buddy = BuddyLimit(nearSeconds: 120, nights: 5)
            }
        )
        var random = SeededGenerator(seed: 3)
        let noise = { (value: Double) in value + min(max(random.normal(), -2), 2) * 0.3 }
        let air = (0..<9 * 288).map { noise(430 + Double($0 % 12)) }
        let other = QualitySamples.series(air, step: 300)
        around.others[name("b")] = other.enumerated().filter { $0.offset % 12 != 0 }.map(\.element)
        let own = air.enumerated().map {
            noise($0.element) + ((7 * 288..<8 * 288).contains($0.offset) ? 40 : 0)
        }
        let doubted = try around.verdicts(of: QualitySamples.series(own, step: 300)).places(.buddy)
        #expect(doubted == (7 * 288..<8 * 288).filter { $0 % 12 != 0 })
    }

    @Test func aPlumeOfOneGasAloneHasTheWrongRatio() throws {
        var around = Surroundings(
            instrument {
                $0.gas = name("s", .co)
                $1.ratio = RatioLimit(smallest: 0.005, largest: 0.05, smallestExcessPartsPerMillion: 20)
            }
        )
        let gas = (0..<600).map { 420 + ((100..<110).contains($0) || (400..<410).contains($0) ? 80.0 : 0) }
        let companion = (0..<600).map { 0.1 + ((100..<110).contains($0) ? 0.8 : 0) }
        around.others[name("s", .co)] = QualitySamples.series(companion)
        let verdicts = try around.verdicts(of: QualitySamples.series(gas))
        #expect(verdicts.places(.ratio) == Array(400..<410))
        #expect(verdicts[105].flag == .good && verdicts[0].flag == .notEvaluated)
    }

    /// East along a parallel, 10 m each second, past a station at second 500.
    private func drive(_ excess: (Int) -> Double) -> [Reading] {
        (0..<1000).map { second in
            let longitude = 10 + Double(second - 500) * 10 / 66_149
            return QualitySamples.reading(
                at: Double(second),
                425 + excess(second),
                position: QualitySamples.place(longitude)
            )
        }
    }

    private func pass() throws -> Surroundings {
        let place = try #require(QualitySamples.place(10))
        var around = Surroundings(
            instrument {
                $0.passed = [PassedStation(series: name("b"), position: place)]
                $1.stationPass = StationPassLimit()
            }
        )
        around.others[name("b")] = QualitySamples.series(Array(repeating: 425, count: 20), step: 60)
        return around
    }

    @Test func aPassIsJudgedByItsMedianDifference() throws {
        var around = try pass()
        // A plume over a third of the pass is what the vehicle was sent for.
        let plume = try around.verdicts(of: drive { (470..<503).contains($0) ? 300 : 0 })
        #expect(plume.places(.stationPass) == [])
        // 500 m to either side; nothing is said elsewhere.
        #expect(plume.indices.filter { plume[$0].flag == .good } == Array(450...550))
        #expect(plume.count { $0.flag == .notEvaluated } == 1000 - 101)
        let wrong = try around.verdicts(of: drive { _ in 60 })
        #expect(wrong.places(.stationPass) == Array(450...550) && wrong[500].flag == .suspect)
        #expect(try around.verdicts(of: drive { _ in -60 }).places(.stationPass).count == 101)
        #expect(try around.verdicts(of: drive { _ in 40 }).places(.stationPass) == [])
        // A station that had nothing to say at that time.
        around.others[name("b")] = [QualitySamples.reading(at: 900, 425)]
        #expect(try around.verdicts(of: drive { _ in 60 }).allSatisfy { $0.flag == .notEvaluated })
    }

    /// Verdicts depend on nothing outside the window that is asked for, and changes reach as far as stated.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func verdictsDependOnAStatedWindowAlone(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var around = buddies(2)
        around.own.companions?.reference = name("b1")
        around.own.quality.colocation = ColocationLimit(offsetPartsPerMillion: 6, nearSeconds: 600)
        let comparison = try #require(SeriesComparison(around.own))
        let own = station(0)
        let before = try around.verdicts(of: own)
        let hour = Int.random(in: 0..<40 * day, using: &random)
        let isOwn = seed % 3 == 0
        let series = isOwn ? name("s") : name("b1")
        let period = Period(
            start: QualitySamples.start.advanced(bySeconds: Double(hour) * 3600),
            end: QualitySamples.start.advanced(bySeconds: Double(hour + 6) * 3600)
        )
        var changedOwn = own
        if isOwn {
            changedOwn = changed(own, hour..<hour + 6, by: 500)
        } else {
            around.others[series] = changed(station(1), hour..<hour + 6, by: 500)
        }
        let after = try around.verdicts(of: changedOwn)
        let reach = try #require(comparison.reach(of: series, changedIn: period))
        for index in own.indices where before[index] != after[index] {
            #expect(reach.contains(own[index].time))
        }
        #expect(comparison.reach(of: name("stranger"), changedIn: period) == nil)
    }

    /// What is remembered of the nights is what would be found again.
    @Test(arguments: 0..<5 as Range<UInt64>)
    func rememberingChangesNothing(seed: UInt64) throws {
        var around = buddies(2)
        let comparison = try #require(SeriesComparison(around.own))
        var memory = ComparisonMemory()
        let own = station(0)
        let whole = try around.verdicts(of: own, &memory)
        #expect(try around.verdicts(of: own, &memory) == whole)
        let revised = changed(station(1), 500..<560, by: 25 * Double(seed))
        around.others[name("b1")] = revised
        let period = Period(start: revised[500].time, end: revised[560].time)
        comparison.forget(name("b1"), changedIn: period, &memory)
        #expect(try around.verdicts(of: own, &memory) == around.verdicts(of: own))
    }
}
