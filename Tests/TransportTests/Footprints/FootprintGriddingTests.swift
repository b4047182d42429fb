import Concurrent
import Foundation
import Geo
import Quantities
import TestSupport
import Testing

@testable import Transport

@Suite struct FootprintGriddingTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func cellsAreTheKernelsOfTheRowsAddedOneByOne(seed: UInt64) throws
    {
        let grid = try #require(degrees(115, 39.5, 0.02, columns: 100, rows: 60))
        let table = cloud(seed, particles: 15, minutes: 70, longitude: 115.27, latitude: 40.1)
        for smoothing in [0, 1, 12.0] {
            var options = FootprintGridding.Options()
            options.smoothing = smoothing
            let footprint = FootprintGridding(options).footprint(of: table, for: site(), on: grid).footprint
            #expect(
                footprint.layers.map { $0.emission?.start.seconds(since: footprint.time) } == [-7200, -3600]
            )
            let found = dense(footprint.integratedLayer, grid.cellCount)
            let expected = oneByOne(table, grid, smoothing)
            let peak = expected.max() ?? 0
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-13 * peak }, "smoothing \(smoothing)")
        }
    }

    @Test(arguments: [4, 5] as [UInt64]) func theSumOfTheCellsIsWhatTheParticlesGained(seed: UInt64) throws {
        let grid = try #require(degrees(110, 35, 0.05, columns: 240, rows: 200))
        let table = cloud(seed, particles: 100, minutes: 200, longitude: 116, latitude: 40)
        let gridded = FootprintGridding().footprint(of: table, for: site(), on: grid)
        let gained = table.influence.filter { $0 > 0 }.reduce(0, +) / 100
        #expect(abs(gridded.footprint.sum / gained - 1) < 1e-12)
        #expect(abs(gridded.account.griddedInfluence / gained - 1) < 1e-12)
        #expect(gridded.account.shareOutside < 1e-12 && gridded.emptiness == nil)
        #expect(gridded.account.particles == 100 && gridded.account.rows == 20_000)
        #expect(
            gridded.footprint.layers.allSatisfy { zip($0.cells, $0.cells.dropFirst()).allSatisfy { $0 < $1 } }
        )
    }

    @Test func theOrderOfTheParticlesDoesNotMatter() throws {
        let grid = try #require(degrees(115, 39.5, 0.002, columns: 700, rows: 500))
        let table = cloud(6, particles: 30, minutes: 150, longitude: 116, latitude: 40)
        var generator = SeededGenerator(seed: 8)
        let shuffled = table.rows(Array(0..<table.count).shuffled(using: &generator))
        let first = FootprintGridding().footprint(of: table, for: site(), on: grid)
        let second = FootprintGridding().footprint(of: shuffled, for: site(), on: grid)
        #expect(first.account.interpolatedRows > 1000, "the early rows are not refined")
        #expect(first.account.interpolatedRows == second.account.interpolatedRows)
        let (a, b) = (first.footprint.integratedLayer, second.footprint.integratedLayer)
        #expect(a.cells == b.cells)
        #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) <= 1e-12 * $0 })
    }

    @Test func threadsDoNotMatter() async throws {
        let grid = try #require(degrees(115, 39.5, 0.02, columns: 100, rows: 60))
        let table = cloud(7, particles: 30, minutes: 60, longitude: 116, latitude: 40)
        let alone = FootprintGridding().footprint(of: table, for: site(), on: grid).footprint.layers
        let parts = await parallelParts(chunks: 8) { _ in
            FootprintGridding().footprint(of: table, for: site(), on: grid).footprint.layers
        }
        #expect(parts.allSatisfy { $0 == alone })
    }

    @Test func refinedRowsKeepTheInfluenceOfTheirWindows() throws {
        let grid = try #require(degrees(115.4, 39.9, 0.001, columns: 800, rows: 200))
        let table = cloud(9, particles: 20, minutes: 100, longitude: 116, latitude: 40)
        var options = FootprintGridding.Options()
        let refined = FootprintGridding(options).footprint(of: table, for: site(), on: grid)
        options.refinesEarlySteps = false
        let plain = FootprintGridding(options).footprint(of: table, for: site(), on: grid)
        #expect(plain.account.interpolatedRows == 0)
        // Between minutes 1 and 100: 90 x 10 tenths less the whole ones, 10 x 5 fifths, 80 x 2 halves.
        #expect(refined.account.interpolatedRows == 20 * (9 * 9 + 10 * 4 + 80))
        #expect(abs(refined.footprint.sum / plain.footprint.sum - 1) < 1e-12)
        #expect(refined.footprint.integratedLayer.cells.count > plain.footprint.integratedLayer.cells.count)
    }

    @Test func rowsThatAreNotNumbersAreLeftOutAndCounted() throws {
        let grid = try #require(degrees(115, 39.5, 0.02, columns: 100, rows: 60))
        var table = cloud(10, particles: 10, minutes: 20, longitude: 116, latitude: 40)
        let good = FootprintGridding().footprint(of: table, for: site(), on: grid)
        for (place, bad) in [(0, Double.nan), (1, .infinity), (2, 1e300)] {
            table.append(like: 3)
            let last = table.count - 1
            if place == 0 { table.longitude[last] = bad }
            if place == 1 { table.influence[last] = bad }
            if place == 2 { table.minutes[last] = bad }
        }
        table.append(like: 3)
        table.latitude[table.count - 1] = 91
        let gridded = FootprintGridding().footprint(of: table, for: site(), on: grid)
        #expect(gridded.account.unusableRows == 4)
        #expect(gridded.footprint.layers == good.footprint.layers)
    }

    @Test func anEmptyFootprintSaysWhy() throws {
        let grid = try #require(degrees(115, 39.5, 0.02, columns: 10, rows: 10))
        let gridding = FootprintGridding()
        let none = gridding.footprint(of: ParticleTable(), for: site(), on: grid)
        #expect(none.emptiness == .noParticles && none.footprint.layers.isEmpty)
        var table = cloud(1, particles: 5, minutes: 5, longitude: 10, latitude: -40)
        #expect(gridding.footprint(of: table, for: site(), on: grid).emptiness == .outsideGrid(particles: 5))
        table.influence = table.influence.map { _ in 0 }
        let high = gridding.footprint(of: table, for: site(), on: grid).emptiness
        #expect(high == .noSurfaceInfluence(particles: 5) && high?.reason.contains("surface") == true)
        table.influence = table.influence.map { _ in .nan }
        #expect(gridding.footprint(of: table, for: site(), on: grid).emptiness == .noUsableRow(rows: 25))
    }

    @Test func releasedParticlesThatAreNotInTheTableCount() throws {
        let grid = try #require(degrees(115, 39.5, 0.02, columns: 100, rows: 60))
        let table = cloud(11, particles: 10, minutes: 20, longitude: 116, latitude: 40)
        var options = FootprintGridding.Options()
        options.releasedParticles = 40
        let all = FootprintGridding(options).footprint(of: table, for: site(), on: grid).footprint
        let seen = FootprintGridding().footprint(of: table, for: site(), on: grid).footprint
        #expect(abs(seen.sum / all.sum - 4) < 1e-12)
    }
}

/// The kernel of each row at each cell, by the definition.
private func oneByOne(_ table: ParticleTable, _ grid: CellGrid, _ smoothing: Double) -> [Double] {
    let plane = grid.plane
    var cells = [Double](repeating: 0, count: grid.cellCount)
    for minute in Set(table.minutes) {
        let rows = table.minutes.indices.filter { table.minutes[$0] == minute }
        let mean = { (values: [Double]) in rows.reduce(0) { $0 + values[$1] } / Double(rows.count) }
        let variance = { (values: [Double]) in
            let middle = mean(values)
            return rows.reduce(0) { $0 + square(values[$1] - middle) } / Double(rows.count - 1)
        }
        let spread = (variance(table.longitude) + variance(table.latitude)).squareRoot().squareRoot()
        // All particles have their first row at minute -1.
        let age = ((-minute - 1) / 1440).squareRoot()
        let width = smoothing * 0.06 * spread * age / cos(mean(table.latitude) * .pi / 180)
        let reach = (
            Int((3 * width / plane.across.step).rounded(.down)),
            Int((3 * width / plane.along.step).rounded(.down))
        )
        var weights: [(dy: Int, dx: Int, weight: Double)] = []
        for dy in -reach.1...reach.1 {
            for dx in -reach.0...reach.0 {
                let distance = square(Double(dx) * plane.across.step) + square(Double(dy) * plane.along.step)
                weights.append((dy, dx, width > 0 ? exp(-distance / (2 * width * width)) : 1))
            }
        }
        let sum = weights.reduce(0) { $0 + $1.weight }
        for row in rows {
            let column = Int(
                ((table.longitude[row] - plane.across.origin) / plane.across.step).rounded(.down)
            )
            let line = Int(((table.latitude[row] - plane.along.origin) / plane.along.step).rounded(.down))
            for (dy, dx, weight) in weights
            where (0..<plane.rows).contains(line + dy) && (0..<plane.columns).contains(column + dx) {
                cells[(line + dy) * plane.columns + column + dx] += table.influence[row] * weight / sum
            }
        }
    }
    return cells.map { $0 / Double(Set(table.particle).count) }
}

private func square(_ value: Double) -> Double { value * value }
