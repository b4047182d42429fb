import Foundation
import Geo
import Quantities
import Synchronization
import TestSupport
import Testing

@testable import Transport

/// Weather that changes from hour to hour, and what was read of it.
private final class MadeWeather: MeteorologySource {
    let grid: CellGrid
    let times: [Instant]
    let sources = ["made"]
    let stepSeconds: Double? = 3600
    private let log = Mutex<[Int]>([])

    init(hours: [Int]) throws {
        let latitude = try #require(UniformAxis(origin: -2, step: 0.5, count: 9))
        let longitude = try #require(UniformAxis(origin: -2, step: 0.5, count: 10))
        grid = .longitudeLatitude(
            try #require(LatitudeLongitudeGrid(latitude: latitude, longitude: longitude))
        )
        times = hours.map { releaseTime.advanced(bySeconds: 3600 * Double($0)) }
    }

    var read: [Int] { log.withLock { $0 } }

    func hour(at index: Int) async throws -> MeteorologyHour {
        log.withLock { $0.append(index) }
        let nodes = grid.cellCount
        let hour = times[index].seconds(since: releaseTime) / 3600
        let heights: [Double] = [20, 100, 300, 800, 1500, 3000, 6000 + 10 * hour]
        let cells = heights.flatMap { height in (0..<nodes).map { (height, Double($0)) } }
        var surface = SurfaceFields()
        surface.pressurePascal = [Float](repeating: 100_000, count: nodes)
        // Terrain that differs by hour, as packed files have it.
        surface.terrainMetres = (0..<nodes).map { Float(10 * Double($0 % 10) + 0.1 * hour) }
        // None at each third time.
        if index % 3 > 0 {
            surface.boundaryLayerMetres = (0..<nodes).map { Float(700 + 400 * sin(hour / 4 + Double($0))) }
        }
        surface.temperatureKelvin = [Float](repeating: 300, count: nodes)
        return MeteorologyHour(
            time: times[index],
            heightMetres: cells.map { Float($0.0) },
            alongColumns: cells.map { Float(4 * sin(hour / 3 + 0.1 * $0.1) + $0.0 / 2000) },
            alongRows: cells.map { Float(4 * cos(hour / 3 + 0.2 * $0.1)) },
            temperatureKelvin: cells.map { Float(300 - 0.006 * $0.0) },
            pressurePascal: cells.map { Float(100_000 * exp(-$0.0 / 8500)) },
            surface: surface
        )
    }
}

@Suite struct WeatherWindowTests {
    private func receptors(hours: [Double]) -> [Receptor] {
        hours.enumerated().map { index, hour in
            Receptor(
                name: "r\(index)",
                time: releaseTime.advanced(bySeconds: 3600 * hour),
                points: [ReceptorPoint(longitude: 0.3, latitude: 0.1, heightMetres: 30)]
            )
        }
    }

    private func options(_ direction: DispersionOptions.Direction) -> DispersionOptions {
        var options = DispersionOptions()
        (options.hours, options.particles, options.direction) = (3, 20, direction)
        return options
    }

    /// In the order of the receptors, and how the weather was read.
    private func followed(
        _ receptors: [Receptor],
        _ weather: MadeWeather,
        mostHours: Int,
        columns: GriddedAtmosphere.Columns,
        direction: DispersionOptions.Direction,
        keepsOrder: Bool = false
    ) async throws -> (results: [ReceptorParticles], account: WeatherAccount, batches: [ReceptorBatch]) {
        var design = GriddedAtmosphere.Design()
        design.columns = columns
        let options = options(direction)
        var window = try await WeatherWindow(of: weather, design, keepsStates: true)
        let needed = receptors.map { window.hours(of: $0, options) }
        let batches = ReceptorBatch.batches(of: needed, mostHours: mostHours, keepsOrder: keepsOrder)
        var results: [Int: ReceptorParticles] = [:]
        for batch in batches {
            try await window.move(to: batch.hours, threads: 2)
            let held = window.atmosphere.held
            #expect(held.lowerBound == batch.hours.lowerBound && held.upperBound >= batch.hours.upperBound)
            #expect(window.meteorology.times.elementsEqual(weather.times[held]))
            var next = batch.receptors.makeIterator()
            try await ParticleRun.run(
                receptors: batch.receptors.map { receptors[$0] },
                numbers: batch.receptors,
                options: options,
                atmosphere: window.atmosphere,
                tasks: 3
            ) { particles in
                if let receptor = next.next() { results[receptor] = particles }
            }
        }
        return (receptors.indices.compactMap { results[$0] }, window.account, batches)
    }

    @Test(arguments: [GriddedAtmosphere.Columns.similarity, .hysplit])
    func sameBitsHoweverManyHoursAreHeld(_ columns: GriddedAtmosphere.Columns) async throws {
        // Whole hours, where rounding decides between two, and times between; not in order.
        let receptors = receptors(hours: [9, 4, 4.25, 12, 3, 5, 8.999_999, 4])
        for direction in [DispersionOptions.Direction.backward, .forward] {
            var known: [ReceptorParticles]?
            for (mostHours, keepsOrder) in [(100, false), (1, false), (7, true)] {
                let weather = try MadeWeather(hours: Array(0...15))
                let (results, account, batches) = try await followed(
                    receptors,
                    weather,
                    mostHours: mostHours,
                    columns: columns,
                    direction: direction,
                    keepsOrder: keepsOrder
                )
                #expect(results.count == receptors.count)
                #expect(mostHours < 100 ? batches.count > 1 : batches.count == 1)
                let read = weather.read.dropFirst()
                #expect(keepsOrder || read.count == Set(read).count, "an hour was read again")
                #expect(account.hours == Set(read).count)
                if let known {
                    #expect(results.map(\.table) == known.map(\.table), "\(mostHours) hours")
                    #expect(results.map(\.ends) == known.map(\.ends))
                } else {
                    known = results
                    let whole = try await wholeRun(receptors, weather, columns, direction)
                    #expect(results.map(\.table) == whole.map(\.table))
                    #expect(results.map(\.ends) == whole.map(\.ends))
                }
            }
        }
    }

    /// With all weather in memory.
    private func wholeRun(
        _ receptors: [Receptor],
        _ weather: MadeWeather,
        _ columns: GriddedAtmosphere.Columns,
        _ direction: DispersionOptions.Direction
    ) async throws -> [ReceptorParticles] {
        let hours = try await weather.read().hours.map(\.withBoundaryLayer)
        let meteorology = Meteorology(grid: weather.grid, hours: hours, sources: [])
        return try await following(
            receptors,
            options(direction),
            GriddedAtmosphere(meteorology, columns: columns)
        )
    }

    @Test func hoursThatNoReceptorNeedsAreNotRead() async throws {
        let weather = try MadeWeather(hours: Array(0...200))
        let receptors = receptors(hours: [4.5, 190.5])
        let run = try await followed(
            receptors,
            weather,
            mostHours: 300,
            columns: .similarity,
            direction: .backward
        )
        #expect(Set(weather.read) == Set([0] + Array(1...5) + Array(187...191)))
        #expect(run.account.hours == 10)
        // The tops of hours 1 to 191 are higher by 10 m each.
        #expect(run.account.lowestTopMetres == 6010)
        #expect(run.account.diagnosed == 2)
    }

    @Test func aSourceThatFailsEndsTheRun() async throws {
        struct Broken: MeteorologySource, Error {
            let whole: MadeWeather
            var grid: CellGrid { whole.grid }
            var times: [Instant] { whole.times }
            var sources: [String] { [] }
            var stepSeconds: Double? { 3600 }
            func hour(at index: Int) async throws -> MeteorologyHour {
                guard index != 4 else { throw self }
                return try await whole.hour(at: index)
            }
        }
        let source = Broken(whole: try MadeWeather(hours: Array(0...9)))
        var window = try await WeatherWindow(of: source, .init(), keepsStates: false)
        try await window.move(to: 0..<3, threads: 1)
        await #expect(throws: Broken.self) { try await window.move(to: 1..<8, threads: 2) }
        let lone = try MadeWeather(hours: [0])
        await #expect(throws: DispersionError.emptyMeteorology) {
            try await WeatherWindow(of: lone, .init(), keepsStates: false)
        }
    }

    @Test func everyHourOfAParticleIsHeld() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            let count = 2 + Int(generator.uniform() * 40)
            var hour = 0
            let instants = (0..<count).map { _ in
                hour += 1 + Int(generator.uniform() * 3)
                return releaseTime.advanced(bySeconds: 3600 * Double(hour))
            }
            let times = MeteorologyTimes(instants)
            let length = instants[count - 1].seconds(since: instants[0])
            let ends = (0..<2).map { _ in (generator.uniform() * length / 3600).rounded() * 3600 }.sorted()
            let period = Period(
                start: instants[0].advanced(bySeconds: ends[0]),
                end: instants[0].advanced(bySeconds: ends[1])
            )
            let held = times.hours(of: period)
            #expect(held.lowerBound >= 0 && held.upperBound <= count)
            for _ in 0..<20 {
                let moment = ends[0] + (ends[1] - ends[0]) * generator.uniform()
                for seconds in [moment, ends[0] - 1e-6, ends[0], ends[1], ends[1] + 1e-6] {
                    let index = times.slice(seconds).index
                    #expect(held.contains(index) && held.contains(index + 1))
                }
            }
        }
    }
}

@Suite struct ReceptorBatchTests {
    @Test(arguments: [1, 5, 12, 1000])
    func everyReceptorIsInOneBatch(_ mostHours: Int) {
        for seed in 0..<100 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let needed = (0..<(1 + Int(generator.uniform() * 30))).map { _ in
                let first = Int(generator.uniform() * 60)
                return first..<(first + 2 + Int(generator.uniform() * 8))
            }
            let whole = Set(needed.joined())
            for keepsOrder in [false, true] {
                let batches = ReceptorBatch.batches(of: needed, mostHours: mostHours, keepsOrder: keepsOrder)
                let order = batches.flatMap(\.receptors)
                #expect(order.sorted() == Array(needed.indices))
                #expect(!keepsOrder || order == Array(needed.indices))
                #expect(Set(batches.flatMap { Array($0.hours) }) == whole, "hours that none needs")
                for batch in batches {
                    #expect(batch.hours.count <= mostHours || batch.receptors.count == 1)
                    #expect(Set(batch.receptors.flatMap { Array(needed[$0]) }) == Set(batch.hours))
                }
                if !keepsOrder {
                    let starts = batches.map(\.hours.lowerBound)
                    #expect(starts == starts.sorted(), "the weather goes back")
                }
            }
        }
        #expect(ReceptorBatch.batches(of: [], mostHours: 3).isEmpty)
    }
}
