import Formats
import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

private typealias Samples = HJ212Samples
private let noonInUTC = Instant(CivilTime(year: 2025, month: 3, day: 1, hour: 4))

@Suite struct HJ212FormatTests {
    @Test func aFrameOfRealTimeDataIsOneObservation() throws {
        let payload = Samples.frame(
            """
            DataTime=20250301120000;a05001-Rtd=421.37,a05001-Flag=N;a05002-Rtd=1987.2,a05002-Flag=N;\
            a01001-Rtd=12.6,a01001-Flag=N;a01006-Rtd=101.02,a01006-Flag=N;a01008-Rtd=120,a01008-Flag=D;zz-Rtd=9
            """
        )
        let decoded = try Samples.decode(payload)
        #expect(!decoded.isBatch && decoded.items.count == 1 && decoded.items[0].sequence == nil)
        let observation = try decoded.items[0].content.get()
        #expect(observation.device == Samples.device)
        #expect(observation.time == noonInUTC)
        let good = QualityVerdict(flag: .good, tests: [])
        #expect(
            observation.values == [
                MeasuredValue(gas: .co2, value: 421.37, unit: .partsPerMillion, verdict: good),
                MeasuredValue(gas: .ch4, value: 1987.2, unit: .partsPerBillion, verdict: good),
            ]
        )
        // Pressure comes in kPa; a direction from a defect vane is none.
        #expect(observation.conditions["t"] == 12.6 && observation.conditions["wd"] == nil)
        #expect(abs((observation.conditions["p"] ?? 0) - 1010.2) < 1e-9)
        #expect(observation.position == .absent)
    }

    @Test func otherMeansThanThoseAskedForAreKeptAsNotIngested() throws {
        let content =
            "DataTime=20250301120000;a05001-Min=1,a05001-Avg=420,a05001-Max=9,a05001-Cou=3,a05001-Flag=N"
        let minute = Samples.frame(content, command: 2051)
        #expect(try Samples.reasons(minute) == [.notIngested])
        var configuration = Samples.configuration
        configuration.ignored = [.minute]
        #expect(try Samples.decode(minute, configuration).items.isEmpty)
        for command in HJ212Command.allCases where command != .realTime {
            configuration = Samples.configuration
            configuration.command = command
            let frame = Samples.frame(content, command: command.rawValue)
            let observation = try #require(try Samples.observations(frame, configuration).first)
            #expect(observation.values.map(\.value) == [420] && observation.time == noonInUTC)
            configuration.endStampedIntervalSeconds = 3600
            let early = try #require(try Samples.observations(frame, configuration).first)
            #expect(noonInUTC.seconds(since: early.time) == 3600)
        }
        #expect(try Samples.reasons(Samples.frame("", command: 2021)) == [.unsupportedCommand])
        // What is no mean has no interval.
        configuration.command = .realTime
        let momentary = Samples.frame(Samples.carbonDioxide("420"))
        #expect(try Samples.observations(momentary, configuration).map(\.time) == [noonInUTC])
    }

    @Test func missingAndUnreadableValuesAreToldApart() throws {
        func value(_ text: String) throws -> MeasuredValue? {
            try Samples.observations(Samples.frame(Samples.carbonDioxide(text))).first?.values.first
        }
        let missing = try value("")
        #expect(missing?.value == nil && missing?.problem == nil)
        #expect(try value("-1.5e1")?.value == -15)
        for text in ["nan", "inf", "0x1p3", "4 2", "--", "1,5x", String(repeating: "1", count: 65)] {
            let read = try value(text)
            #expect(read?.value == nil || text == "1,5x", "\(text)")
            #expect(read?.problem?.reason == .notANumber || text == "1,5x", "\(text)")
        }
    }

    @Test func timesAreThoseOfTheLoggersClock() throws {
        func time(_ text: String, offset: Int = 8 * 3600) -> Instant? {
            Instant(hj212: text, offsetSeconds: offset)
        }
        #expect(time("20250301120000") == noonInUTC)
        #expect(time("20250301120000", offset: 0)?.seconds(since: noonInUTC) == 28_800.0)
        #expect(time("20250301120000250")?.seconds(since: noonInUTC) == 0.25)
        let bad = [
            "", "2025030112000", "20250229120000", "20250301240000", "2025-03-01 12:0", "２０２５０３０１１２００００",
        ]
        for text in bad { #expect(time(text) == nil, "\(text)") }
        #expect(
            try Samples.reasons(Samples.frame("DataTime=20251301120000;a05001-Rtd=1")) == [.unreadableTime]
        )
        #expect(try Samples.reasons(Samples.frame("a05001-Rtd=1")) == [.missingTime])
        #expect(try Samples.reasons(Samples.frame("")) == [.missingTime])
    }

    @Test func sampleTimesMakeObservationsOfTheirOwn() throws {
        let payload = Samples.frame(
            "DataTime=20250301120000;a05001-SampleTime=20250301115500,a05001-Rtd=420;a05002-Rtd=1990;a01001-Rtd=5"
        )
        let found = try Samples.observations(payload)
        #expect(found.map { $0.time.seconds(since: noonInUTC) } == [0, -300])
        #expect(found.map { $0.values.map(\.gas) } == [[.ch4], [.co2]])
        #expect(found.allSatisfy { $0.conditions["t"] == 5 })
        let several = Samples.frame(
            "DataTime=20250301120000;a05001-Rtd=420;DataTime=20250301120100;a05001-Rtd=421"
        )
        #expect(try Samples.observations(several).map { $0.values.map(\.value) } == [[420], [421]])
    }

    @Test func partsOfOneUploadShareTheirTime() throws {
        let first = Samples.frame("DataTime=20250301120000;a01001-Rtd=5", flag: 7, parts: "PNUM=2;PNO=1;")
        let second = Samples.frame("a05001-Rtd=420,a05001-Flag=N", flag: 7, parts: "PNUM=2;PNO=2;")
        let found = try Samples.observations(first + second)
        #expect(found.map(\.time) == [noonInUTC] && found.first?.values.map(\.value) == [420])
        // Another request has another time.
        let other = Samples.frame("a05001-Rtd=420", request: "2", flag: 7, parts: "PNUM=2;PNO=2;")
        #expect(try Samples.reasons(first + other) == [.missingTime])
        #expect(try Samples.reasons(second) == [.missingTime])
    }

    @Test func positionsAreBroughtToTheWorldDatum() throws {
        var configuration = Samples.configuration
        configuration.datum = .gcj02
        let place = try #require(Position(longitude: 116.404, latitude: 39.915))
        let stated = PositionDatum.gcj02.coordinates(of: place)
        func position(_ text: String) throws -> ReportedPosition? {
            let frame = Samples.frame(Samples.carbonDioxide("420") + text)
            return try Samples.observations(frame, configuration).first?.position
        }
        let found = try position(";Lng-Rtd=\(stated.longitude);Lat-Rtd=\(stated.latitude)")
        guard case .at(let world) = found else {
            Issue.record("no position")
            return
        }
        #expect(world.distanceMetres(to: place) < 0.001)
        #expect(try position(";Lng=0;Lat=0") == .absent)
        #expect(try position(";Lng=116;Lat=99") == .impossible)
        let half = Samples.frame(Samples.carbonDioxide("420") + ";Lng=116")
        #expect(try Samples.reasons(half, configuration) == [.halfPosition])
    }

    @Test func headsDecideWhatIsRead() throws {
        let content = Samples.carbonDioxide("420")
        var configuration = Samples.configuration
        configuration.password = "123456"
        #expect(try Samples.observations(Samples.frame(content), configuration).count == 1)
        configuration.password = "1"
        #expect(try Samples.reasons(Samples.frame(content), configuration) == [.wrongPassword])
        configuration.password = nil
        #expect(try Samples.observations(Samples.frame(content, flag: 9)).count == 1)
        #expect(try Samples.reasons(Samples.frame(content, flag: 13)) == [.unsupportedVersion])
        configuration.version = .hj2017
        #expect(try Samples.reasons(Samples.frame(content, flag: 9), configuration) == [.unsupportedVersion])
        // The CRC of an encrypted frame is that of its plain text.
        let encrypted = Array(
            "##0062QN=1;ST=31;CN=2011;MN=m;Flag=9;CP=&&{0xE4,0x3E,0x11,0x7F}g=N&&1C80\r\n".utf8
        )
        #expect(try Samples.reasons(encrypted) == [.encrypted])
    }

    @Test func brokenFramesAreRefusedAlone() throws {
        let good = Samples.frame(Samples.carbonDioxide("420"))
        var wrong = good
        wrong[60] ^= 1
        let decoded = try Samples.decode(wrong + good + good.prefix(30))
        #expect(decoded.isBatch)
        #expect(try Samples.reasons(wrong + good + good.prefix(30)) == [.checksum, .malformed])
        #expect(decoded.items.count == 3)
        for payload in [[], Array("{}".utf8)] {
            #expect(throws: ObservationProblem.self) { try Samples.decode(payload) }
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func mutatedFramesNeverTrap(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var data = Array(Samples.published[2].utf8.dropFirst(6).dropLast(4))
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<data.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: data[place] = UInt8.random(in: 0...255, using: &random)
                case 1: data.removeSubrange(place..<min(data.count, place + 5))
                default: data.insert(contentsOf: data.prefix(place).suffix(7), at: place)
                }
            }
            let head = Array("##0".utf8) + Array(String(data.count).utf8)
            let frame = head + data + HJ212Checksum.digits(of: data)
            let items = (try? Samples.decode(frame))?.items ?? []
            #expect(items.count <= frame.count)
        }
    }
}

@Suite struct HJ212FlagTests {
    @Test func lettersBecomeVerdictsAndVerdictsLetters() {
        #expect(HJ212Flag(text: "N")?.verdict == QualityVerdict(flag: .good, tests: []))
        #expect(HJ212Flag(text: "c")?.verdict == QualityVerdict(flag: .fail, tests: .calibrationGas))
        #expect(HJ212Flag(text: "S")?.verdict == QualityVerdict(flag: .suspect, tests: .deviceFlag))
        for text in ["M", "F", "D", "B", "P"] {
            #expect(HJ212Flag(text: text)?.verdict == QualityVerdict(flag: .fail, tests: .deviceFlag))
        }
        for text in ["X", "", "NN", "9"] { #expect(HJ212Flag(text: text) == nil) }
        #expect(HJ212Flag(text: "3") == .normal && HJ212Flag(text: "0") == .calibrating)
        for flag in [HJ212Flag.normal, .calibrating, .overRange, .manual, .defect] {
            #expect(HJ212Flag(flag.verdict) == flag)
        }
        #expect(HJ212Flag(QualityVerdict(flag: .missing, tests: .missingValue)) == .communication)
        #expect(HJ212Flag(QualityVerdict(flag: .fail, tests: [.spike, .operatorEdit])) == .maintenance)
        #expect(HJ212Flag(QualityVerdict(flag: .suspect, tests: .spike)) == .normal)
    }

    @Test func whatFailedIsNeverSentOnAsNormal() {
        for bit in 0..<32 {
            let tests = QualityTests(rawValue: 1 << bit)
            #expect(HJ212Flag(QualityVerdict(flag: .fail, tests: tests)) != .normal)
        }
    }

    @Test func unknownLettersAreNotGood() throws {
        let frame = HJ212Samples.frame("DataTime=20250301120000;a05001-Rtd=420,a05001-Flag=Z")
        #expect(try HJ212Samples.observations(frame).first?.values.first?.verdict?.flag == .suspect)
    }
}
