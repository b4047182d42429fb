import Geo
import Quantities
import Testing

@testable import Transport

@Suite struct BoundaryBackgroundTests {
    private let domain: BoundingBox
    private let cells: [BoundaryFace: BoundaryFaceCells]
    private let curtain: BoundaryCurtain

    /// Two times, two heights, three places; the value tells where it comes from.
    init() throws {
        domain = try #require(BoundingBox(west: 110, south: 30, east: 122, north: 42))
        let parallel = try BoundaryFaceCells(heightMetres: [500, 5000], places: [112, 116, 120])
        let meridian = try BoundaryFaceCells(heightMetres: [500, 5000], places: [32, 36, 40])
        cells = [.north: parallel, .south: parallel, .east: meridian, .west: meridian]
        var faces: [BoundaryFace: BoundaryCurtain.Face] = [:]
        for (number, side) in BoundaryFace.allCases.enumerated() {
            let values = (0..<12).map { 400 + 100 * Double(number) + Double($0) }
            faces[side] = BoundaryCurtain.Face(cells: try #require(cells[side]), partsPerMillion: values)
        }
        curtain = try BoundaryCurtain(times: [hours(-12, 0).start, noon], faces: faces)
    }

    private func edge(
        _ x: Double,
        _ y: Double,
        _ z: Double,
        _ hour: Double,
        left: Bool = true,
        weight: Double = 1
    )
        -> EdgeParticle
    {
        EdgeParticle(
            longitude: x,
            latitude: y,
            heightMetres: z,
            instant: hours(hour, 1).start,
            weight: weight,
            leftDomain: left
        )
    }

    @Test func particlesTakeTheCurtainWhereAndWhenTheyLeave() throws {
        let particles = [
            edge(116, 42.1, 100, -1), edge(122.3, 31, 9000, 0.5), edge(119, 29.9, 0, -2, weight: 2),
            edge(109.8 - 360, 40, 5200, -3), edge(115, 35, 10, -3, left: false),
        ]
        let background = try curtain.background(receptor: "site", particles: particles, domain: domain)
        #expect(background.parts.map(\.face) == [.north, .east, .south, .west])
        let expected = [401.0, 509, 1204, 705].map { $0 / 6 }
        #expect(zip(background.parts, expected).allSatisfy { abs($0.partsPerMillion - $1) < 1e-9 })
        #expect(abs(background.closure - 5.0 / 6) < 1e-12 && background.missingShare == 0)
        #expect(abs(background.meanPartsPerMillion - 2819.0 / 5) < 1e-9)
        #expect(background.parts.map(\.name) == ["north", "east", "south", "west"])
    }

    @Test func bandsPartTheColumnsAndKeepTheSum() throws {
        let particles = [edge(116, 42.1, 100, -1), edge(116, 42.1, 8000, -1), edge(122.3, 31, 3000, 0.5)]
        let whole = try curtain.background(receptor: "site", particles: particles, domain: domain)
        let bands = try curtain.background(
            receptor: "site",
            particles: particles,
            domain: domain,
            bandTops: [3000]
        )
        #expect(bands.parts.count == 8 && abs(bands.partsPerMillion - whole.partsPerMillion) < 1e-9)
        #expect(
            bands.parts.filter { $0.share > 0 }.map(\.name) == [
                "north 0-3000 m", "north above 3000 m", "east above 3000 m",
            ]
        )
    }

    @Test func sharesOfAFileGiveTheSameAsParticlesOfTheReceptorsTime() throws {
        let particles = [
            edge(113, 42.1, 100, -1), edge(122.3, 31, 9000, -1), edge(100, 33, 700, -1, weight: 3),
        ]
        let sensitivity = try BoundarySensitivity(
            receptor: "site",
            time: hours(-1, 0).start,
            particles: particles,
            domain: domain,
            cells: cells
        )
        #expect(abs(sensitivity.closure - 1) < 1e-12)
        let direct = try curtain.background(receptor: "site", particles: particles, domain: domain)
        let background = try curtain.background(sensitivity)
        #expect(abs(background.partsPerMillion - direct.partsPerMillion) < 1e-9)
        #expect(background.parts.map(\.share) == direct.parts.map(\.share))
    }

    @Test func anUnknownMoleFractionIsToldNotTakenForZero() throws {
        let early = [edge(116, 42.1, 100, -13), edge(116, 42.1, 100, -1)]
        #expect(throws: FootprintFault.missingBoundary(receptor: "site", share: 0.5)) {
            try curtain.background(receptor: "site", particles: early, domain: domain)
        }
        let counted = try curtain.background(
            receptor: "site",
            particles: early,
            domain: domain,
            missing: .counted
        )
        #expect(counted.missingShare == 0.5 && counted.meanPartsPerMillion == 401 && counted.closure == 1)
        // The last value stands as long as the one before.
        #expect(curtain.step(at: hours(11.9, 13).start) == 1 && curtain.step(at: hours(12, 13).start) == nil)
        #expect(throws: FootprintFault.self) {
            try curtain.background(receptor: "site", particles: [], domain: domain)
        }
    }

    @Test func aCurtainThatDoesNotFitIsRefused() throws {
        #expect(throws: FootprintFault.self) { try BoundaryFaceCells(heightMetres: [2, 1], places: [1]) }
        #expect(throws: FootprintFault.self) { try BoundaryCurtain(times: [noon], faces: [:]) }
        #expect(throws: FootprintFault.self) { try BoundaryCurtain(times: [noon], faces: curtain.faces) }
        let face = BoundarySensitivity.Face(cells: try #require(cells[.north]), shares: [1])
        #expect(throws: FootprintFault.self) {
            try BoundarySensitivity(receptor: "site", time: noon, faces: [.north: face])
        }
    }
}
