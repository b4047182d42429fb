import Geo
import Quantities
import TestSupport
import Testing

@testable import Transport

@Suite struct ParticleEdgeTests {
    /// Rows of one particle a minute apart, in places of longitude at 40 N; the end is the last of them.
    private func particles(_ tracks: [[Double]], left: [Bool]) -> ReceptorParticles {
        var (table, ends) = (ParticleTable(), ParticleEnds())
        for (number, track) in tracks.enumerated() {
            for (row, longitude) in track.enumerated() {
                table.particle.append(Int32(number))
                table.minutes.append(-Double(row + 1))
                table.longitude.append(longitude)
                table.latitude.append(40)
                table.heightMetres.append(Double(100 * row))
                table.influence.append(0)
            }
            ends.particle.append(Int32(number))
            ends.minutes.append(-Double(track.count))
            ends.longitude.append(track[track.count - 1])
            ends.latitude.append(40)
            ends.heightMetres.append(0)
            ends.weight.append(1)
            ends.hasLeft.append(left[number])
        }
        return ReceptorParticles(receptor: site(), table: table, ends: ends)
    }

    @Test func theAirCountsWhereItWasOutForGood() throws {
        let grid = try #require(degrees(115, 39, 0.1, columns: 20, rows: 20))
        // Out and back and out; within to the end; left the weather over the grid; never there.
        let tracks = [[116, 114.9, 115.1, 114.8], [116, 115.5], [116, 116.5], [114.5, 114.4]]
        let edges = particles(tracks, left: [true, false, true, true]).edges(of: grid)
        #expect(edges.map(\.longitude) == [115.1, 115.5, 116.5, 115])
        #expect(edges.map(\.leftDomain) == [true, false, true, true])
        #expect(edges[0].heightMetres == 200 && edges[0].instant == julyNoon.advanced(bySeconds: -180))
        let boundary = try #require(BoundarySensitivity(edges, of: site(), on: grid))
        #expect(abs(boundary.closure - 0.75) < 1e-12)
        #expect(abs(try #require(boundary.faces[.west]).shares.reduce(0, +) - 0.5) < 1e-12)
        #expect(abs(try #require(boundary.faces[.east]).shares.reduce(0, +) - 0.25) < 1e-12)
    }

    @Test func longitudesMayHaveAnyTurn() throws {
        let grid = try #require(degrees(350, 39, 0.1, columns: 200, rows: 20))
        let edges = particles([[5, 9.9, 10.2], [-5, -9.9, -10.2]], left: [true, true]).edges(of: grid)
        for (edge, longitude) in zip(edges, [9.9, -9.9]) {
            #expect(abs(wrappedLongitude(edge.longitude) - longitude) < 1e-9)
        }
        let boundary = try #require(BoundarySensitivity(edges, of: site(), on: grid))
        #expect(abs(try #require(boundary.faces[.east]).shares.reduce(0, +) - 0.5) < 1e-12)
        #expect(abs(try #require(boundary.faces[.west]).shares.reduce(0, +) - 0.5) < 1e-12)
    }

    @Test func particlesWithoutWeightHaveNoShares() throws {
        let grid = try #require(degrees(115, 39, 0.1, columns: 20, rows: 20))
        let boundary = try #require(BoundarySensitivity([], of: site(), on: grid))
        #expect(boundary.closure == 0)
    }
}
