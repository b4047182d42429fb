import Formats
import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing
import Transport

private let noon = Instant(CivilTime(year: 2021, month: 7, day: 25, hour: 12))

@Suite struct ReceptorTableTests {
    private func parse(_ text: String) throws(TableError) -> [Receptor] {
        try ReceptorTable.parse(Array(text.utf8), file: "r.csv")
    }

    private func problem(_ text: String) -> String? {
        do throws(TableError) { _ = try parse(text) } catch { return error.line }
        return nil
    }

    @Test func rowsBecomeInlets() throws {
        let receptors = try parse(
            """
            # columns in another order
            time, name,latitude,longitude,height,end

            2021-07-25T12:00:00Z,a,-23.7,27.6,10,
            2021-07-25T14:00:00+02:00,b,-23.7,27.6,60,2021-07-25T13:00:00Z
            """
        )
        #expect(receptors.map(\.name) == ["a", "b"])
        #expect(receptors.map(\.time) == [noon, noon])
        #expect(receptors.map(\.averagingSeconds) == [0, 3600])
        #expect(receptors[1].points.count == 12)
        #expect(receptors[0].points == [ReceptorPoint(longitude: 27.6, latitude: -23.7, heightMetres: 10)])
    }

    @Test(arguments: [
        (
            "name,time,longitude,latitude,hight\n",
            "unknown column `hight`: r.csv, line 1; did you mean `height`?"
        ),
        ("name,time,longitude\n", "the header names no column `latitude`, `height`: r.csv, line 1"),
        ("", "the table is empty"),
        ("name,name\n", "column `name` stands twice in the header: r.csv, line 1"),
        ("name,time,longitude,latitude,height\n", "no receptor: no line follows the header: r.csv"),
        ("name,time,longitude,latitude,height\na,noon,1,2,3\n", "time `noon` is not an ISO 8601 time"),
        (
            "name,time,longitude,latitude,height\na,2021-07-25T12:00:00Z,1,92,3\n",
            "latitude `92` is not from -90 to 90 degrees: r.csv, line 2"
        ),
        (
            "name,time,longitude,latitude,height\na,2021-07-25T12:00:00Z,1,nan,3\n",
            "latitude `nan` is not from -90 to 90 degrees"
        ),
        (
            "name,time,longitude,latitude,height\na,2021-07-25T12:00:00Z,1,2\n",
            "4 fields where the header has 5: r.csv, line 2"
        ),
        (
            "name,time,longitude,latitude,height,end\na,2021-07-25T12:00:00Z,1,2,3,2021-07-25T11:00:00Z\n",
            "end `2021-07-25T11:00:00Z` is not after time"
        ),
        (
            "name,time,longitude,latitude,height\na,2021-07-25T12:00:00Z,1,2,3\na,2021-07-25T12:00:00Z,1,2,4\n",
            "a second receptor `a` of the same time: r.csv, line 3"
        ),
    ])
    func mistakesAreNamedWithTheirLine(text: String, expected: String) {
        #expect(problem(text)?.hasPrefix(expected) == true, "\(problem(text) ?? "none")")
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func mutatedTablesNeverTrap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = Array("name,time,longitude,latitude,height\na,2021-07-25T12:00:00Z,1,2,3\n".utf8)
        for _ in 0..<3 {
            let place = Int.random(in: bytes.indices, using: &random)
            bytes[place] = UInt8.random(in: 0...255, using: &random)
        }
        _ = try? ReceptorTable.parse(bytes, file: "r.csv")
    }
}

@Suite struct ReceptorFileTests {
    private func read(_ text: String) throws -> [Receptor] {
        let folder = try TemporaryFolder()
        let file = folder.file("receptors.json5")
        try Data(text.utf8).write(to: file)
        try Data("time,longitude,latitude\n2021-07-25T12:00:00Z,1,2\n2021-07-25T12:00:10Z,1.1,2\n".utf8)
            .write(to: folder.file("track.csv"))
        return try ReceptorFile.read(file.path)
    }

    private func problem(_ receptor: String) -> String {
        do {
            _ = try read("{receptors: [\(receptor)]}")
            return "none"
        } catch { return (error as? any Fault)?.what ?? "\(error)" }
    }

    @Test func allKindsAreRead() throws {
        let receptors = try read(
            """
            {receptors: [
              {kind: "inlet", name: "a", time: "2021-07-25T12:00:00Z", end: "2021-07-25T13:00:00Z",
               longitude: 27.6, latitude: -23.7, height: 10, releases: 3},
              {kind: "drive", name: "b", height: 2, track: "track.csv"},
              {kind: "drive", name: "c", height: 2, fixes: [
                {time: "2021-07-25T12:00:00Z", longitude: 1, latitude: 2}]},
              {kind: "column", name: "d", time: "2021-07-25T12:00:00Z", longitude: 27.6, latitude: -23.7,
               surface_pressure_hpa: 920, top: 3000, sun: {zenith: 60, azimuth: 10}},
              {kind: "column", name: "e", time: "2021-07-25T12:00:00Z", longitude: 27.6, latitude: -23.7,
               surface_pressure_hpa: 920, support: "layers", pressures_hpa: [0, 500, 920],
               averaging_kernel: [0.5, 1], pressure_weight: [0.5, 0.5]},
              {kind: "path", name: "f", time: "2021-07-25T12:00:00Z", points: 5,
               from: {longitude: 1, latitude: 2, height: 3}, to: {longitude: 2, latitude: 2, height: 3}},
            ]}
            """
        )
        #expect(receptors.map(\.name) == ["a", "b", "c", "d", "e", "f"])
        #expect(receptors.map { $0.points.count } == [3, 2, 1, 30, 36, 5])
        #expect(receptors[1].averagingSeconds == 10)
        #expect(abs(receptors[3].weight + receptors[3].remainderWeight - 1) < 1e-12)
        #expect(abs(receptors[4].weight + receptors[4].remainderWeight - 0.75) < 1e-12)
    }

    @Test func keysOfOtherKindsAreRefused() {
        let inlet = #"kind: "inlet", name: "a", time: "2021-07-25T12:00:00Z", longitude: 1, latitude: 2"#
        #expect(problem("{\(inlet), hieght: 3}") == "unknown key `hieght`")
        #expect(problem("{\(inlet), height: 3, support: \"levels\"}") == "unknown key `support`")
        #expect(problem("{\(inlet)}") == "key `height` is missing")
        #expect(
            problem("{\(inlet), height: -3}")
                == "is -3 for receptor `a`, must be from 0 to 20000 m above ground"
        )
        #expect(problem("{\(inlet), height: 3, releases: 2}") == "has no meaning without `end`")
        #expect(
            problem("{\(inlet), height: 3}, {\(inlet), height: 4}")
                == "a second receptor of this name and time"
        )
        #expect(problem(#"{kind: "inlett"}"#) == "no kind of receptor `inlett`, did you mean `inlet`?")
        #expect(
            problem(#"{kind: "drive", name: "d", height: 2}"#) == "a drive has either `fixes` or a `track`"
        )
        #expect(problem(#"{kind: "drive", name: "d", height: 2, fixes: []}"#) == "no fix")
        #expect(problem("") == "names no receptor")
    }
}

@Suite struct NetworkReceptorsTests {
    private func network() throws -> Network {
        let range = GrossRange(failBelow: 0, suspectBelow: 1, suspectAbove: 900, failAbove: 1000)
        func instrument(_ height: Double?) -> Instrument {
            Instrument(
                id: "i",
                gas: .co2,
                unit: .partsPerMillion,
                scale: .co2X2019,
                inletHeightMetres: height,
                grossRange: range,
                standardUncertaintyPartsPerMillion: nil
            )
        }
        func station(_ id: String, _ heights: [Double?], _ position: Position?) -> Station {
            Station(
                id: id,
                names: LocalizedName(english: id),
                kind: position == nil ? .vehicle : .fixed,
                position: position,
                instruments: heights.map(instrument)
            )
        }
        return Network(
            id: "n",
            names: LocalizedName(english: "n"),
            credit: "",
            stations: [
                station("tower", [60, 10, 60], Position(longitude: 1, latitude: 2)),
                station("roof", [20], Position(longitude: 3, latitude: 2)),
                station("car", [2], nil),
                station("old", [nil], Position(longitude: 3, latitude: 2)),
            ]
        )
    }

    @Test func everyInletHasEveryHour() throws {
        let period = Period(start: noon, end: noon.advanced(bySeconds: 2 * 3600 + 60))
        let all = try NetworkReceptors(of: network(), file: "n.json", over: period)
        #expect(
            all.receptors.map(\.name) == ["tower-10m", "tower-60m", "roof", "tower-10m", "tower-60m", "roof"]
        )
        #expect(all.receptors.map(\.time) == [0, 0, 0, 1, 1, 1].map { noon.advanced(bySeconds: $0 * 3600) })
        #expect(all.passedOver.map(\.station) == ["car", "old"])
        let some = try NetworkReceptors(of: network(), file: "n.json", over: period, stations: ["roof"])
        #expect(some.receptors.count == 2)
        #expect(throws: ReceptorListError.self) {
            try NetworkReceptors(of: network(), file: "n.json", over: period, stations: ["rof"])
        }
        #expect(throws: ReceptorListError.self) {
            try NetworkReceptors(of: network(), file: "n.json", over: Period(start: noon, end: noon))
        }
    }
}

@Suite struct SoundingReceptorsTests {
    private func batch() -> SoundingBatch {
        var batch = SoundingBatch(
            product: "p",
            gas: .co2,
            scale: .co2X2019,
            levels: 2,
            profileSupport: .layers
        )
        for index in 0..<6 {
            batch.times.append(noon.advanced(bySeconds: Double(index)))
            batch.longitudes.append(Double(index))
            batch.latitudes.append(0)
            batch.columns.append(400)
            batch.pressures += [0, 500, 1000]
            batch.averagingKernels += [0.5, 1]
            batch.pressureWeights += [0.5, 0.5]
        }
        return batch
    }

    @Test func soundingsBecomeColumnsWithTheirKernel() throws {
        var selection = SoundingReceptors.Selection()
        selection.box = BoundingBox(west: 0.5, south: -1, east: 4.5, north: 1)
        selection.oneOf = 2
        let soundings = try SoundingReceptors(batch(), selection, file: "s.nc")
        #expect(soundings.receptors.map(\.name) == ["co2-2", "co2-4"])
        #expect((soundings.good, soundings.outside, soundings.thinned) == (6, 2, 2))
        let receptor = soundings.receptors[0]
        // The lower half of the air has twice the kernel of the upper; at 6 km lie 465.6 of 1000 hPa.
        #expect(abs(receptor.weight + receptor.remainderWeight - 0.75) < 1e-12)
        #expect(abs(receptor.remainderWeight - 0.4657 * 0.5) < 1e-3)
    }

    @Test func nothingLeftIsAnError() {
        var selection = SoundingReceptors.Selection()
        selection.box = BoundingBox(west: 50, south: -1, east: 51, north: 1)
        #expect(throws: ReceptorListError.self) {
            try SoundingReceptors(batch(), selection, file: "s.nc")
        }
    }

    private static let product =
        "satellite/acos-gosat-lite/acos_LtCO2_090901_v205205_B9213A_200310212449s.nc4"

    @Test(.enabled(if: Places.shared(product) != nil))
    func soundingsOfARealProductBecomeColumns() async throws {
        let path = try #require(Places.shared(Self.product)).path
        var selection = SoundingReceptors.Selection()
        selection.oneOf = 10
        let soundings = try await SoundingReceptors.read(path, selection)
        #expect(soundings.receptors.count + soundings.thinned == soundings.good)
        for receptor in soundings.receptors {
            // ACOS kernels are near to 1 and weights sum to 1; half of the air lies below 6 km.
            #expect(abs(receptor.weight + receptor.remainderWeight - 1) < 0.2)
            #expect((0.35...0.65).contains(receptor.weight))
        }
    }
}
