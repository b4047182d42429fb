import Geo
import Quantities
import TestSupport
import Testing

@testable import Gridding

/// Five places about 110 E 30 N, one of them without noise, over six days.
private func fivePlaces() throws -> ColumnField {
    try ColumnField(
        longitudes: [110, 111.5, 109, 112, 110.5],
        latitudes: [30, 30.5, 31, 28.5, 29],
        days: [0, 0, 3, 3, 6],
        values: [412, 413.2, 411.1, 414, 412.7],
        standardErrors: [0.5, 0.8, 0.3, 1, 0]
    )
}

/// Two places on one meridian, a degree to either side of the equator.
private func twoPlaces(errors: [Double] = [0, 0]) throws -> ColumnField {
    try ColumnField(
        longitudes: [10, 10],
        latitudes: [-1, 1],
        values: [410, 414],
        standardErrors: errors
    )
}

private func exponential(nugget: Double = 0, length: Double = 300) throws -> VariogramModel {
    try #require(
        VariogramModel(family: .exponential, nugget: nugget, spatialSill: 2, lengthKilometres: length)
    )
}

/// Made with numpy by `numpy.linalg.solve` on the kriging system with its Lagrange multiplier written out: unit
/// vectors from the coordinates above, `d = 2 R asin(chord / 2)` with R = 6371.0088 km (the chord itself for Matérn),
/// covariance 2 r(d / 300 km), 0.2 + σ² more on the diagonal, target 110.7 E 30.2 N.
@Test(
    arguments: [
        (VariogramFamily.exponential, 412.4587848574906, 0.9290632657566322),
        (.spherical, 412.50022420627823, 1.0953256333210468),
        (.matern, 412.44028451296083, 0.6858028450573618),
    ]
)
func krigingAgreesWithTheWrittenOutSystem(_ family: VariogramFamily, _ value: Double, _ deviation: Double)
    throws
{
    let model = try #require(
        VariogramModel(family: family, nugget: 0.2, spatialSill: 2, lengthKilometres: 300)
    )
    let estimate = OrdinaryKriging(try fivePlaces(), model: model).estimate(longitude: 110.7, latitude: 30.2)
    #expect(abs(try #require(estimate?.value) - value) < 1e-9)
    #expect(abs(try #require(estimate?.standardDeviation) - deviation) < 1e-9)
}

/// Made as above, with `r + 0.5 q + 0.7 r q`, `q = exp(-|t| / 5)`, on the second day.
@Test func productSumKrigingAgreesWithTheWrittenOutSystem() throws {
    let model = try #require(
        VariogramModel(
            family: .exponential,
            nugget: 0.2,
            spatialSill: 1,
            lengthKilometres: 300,
            temporalSill: 0.5,
            jointSill: 0.7,
            lengthDays: 5
        )
    )
    let kriging = OrdinaryKriging(try fivePlaces(), model: model)
    let estimate = try #require(kriging.estimate(longitude: 110.7, latitude: 30.2, days: 2))
    #expect(abs(estimate.value - 412.3885697000338) < 1e-9)
    #expect(abs(estimate.standardDeviation - 1.0739015623426393) < 1e-9)
    let weights = zip(estimate.neighbours, estimate.weights).sorted { $0.0 < $1.0 }.map { $0.1 }
    for (weight, known) in zip(weights, [0.27138212, 0.22050084, 0.23703282, 0.11349175, 0.15759247]) {
        #expect(abs(weight - known) < 1e-8)
    }
}

@Test(arguments: VariogramFamily.allCases)
func withoutNoiseADatumIsReturnedWhereItIs(_ family: VariogramFamily) throws {
    let model = try #require(
        VariogramModel(family: family, nugget: 0, spatialSill: 2, lengthKilometres: 300)
    )
    let kriging = OrdinaryKriging(try fivePlaces(), model: model)
    let estimate = try #require(kriging.estimate(longitude: 110.5, latitude: 29, days: 6))
    #expect(abs(estimate.value - 412.7) < 1e-9)
    #expect(estimate.standardDeviation < 1e-6)
    let noisy = try #require(kriging.estimate(longitude: 110, latitude: 30))
    #expect(abs(noisy.value - 412) > 1e-3)
}

@Test func weightsSumToOneWhateverThePlaces() throws {
    for seed in 1...20 {
        var random = SeededGenerator(seed: UInt64(seed))
        let field = try scattered(&random, count: 60)
        let estimate = try #require(
            OrdinaryKriging(field, model: try exponential(nugget: 0.1), neighbours: 16)
                .estimate(longitude: 105 + 10 * random.uniform(), latitude: 25 + 10 * random.uniform())
        )
        #expect(estimate.weights.count == 16)
        #expect(abs(estimate.weights.reduce(0, +) - 1) < 1e-10)
    }
}

@Test func betweenTwoEqualPlacesBothCountHalf() throws {
    let kriging = OrdinaryKriging(try twoPlaces(), model: try exponential())
    let middle = try #require(kriging.estimate(longitude: 10, latitude: 0))
    #expect(abs(middle.value - 412) < 1e-9)
    for weight in middle.weights { #expect(abs(weight - 0.5) < 1e-12) }
    let noisy = OrdinaryKriging(try twoPlaces(errors: [0, 2]), model: try exponential())
    #expect(try #require(noisy.estimate(longitude: 10, latitude: 0)).value < 411.5)
}

/// Far from one value nothing is known but the mean it is a sample of: `C(0) + C(0)` about it.
@Test func varianceGrowsWithDistanceToThatOfTheFieldAndOfTheMean() throws {
    let field = try ColumnField(longitudes: [10], latitudes: [0], values: [410], standardErrors: [0])
    let kriging = OrdinaryKriging(field, model: try exponential(length: 100))
    var last = -1.0
    for degrees in stride(from: 0.0, through: 40, by: 1) {
        let deviation = try #require(kriging.estimate(longitude: 10 + degrees, latitude: 0)).standardDeviation
        #expect(deviation > last || deviation > 1.999999)
        last = deviation
    }
    #expect(abs(last - 2) < 1e-6)
}

@Test func placesAcrossTheAntimeridianAreNeighbours() throws {
    let field = try ColumnField(
        longitudes: [179.9, -179.9, 170],
        latitudes: [0, 0, 0],
        values: [410, 412, 500],
        standardErrors: [0, 0, 0]
    )
    let kriging = OrdinaryKriging(field, model: try exponential(), neighbours: 2)
    #expect(abs(try #require(kriging.estimate(longitude: 180, latitude: 0)).value - 411) < 1e-9)
}

@Test func twoValuesWithoutNoiseAtOnePlaceDoNotStopTheMap() throws {
    let field = try ColumnField(
        longitudes: [10, 10, 11],
        latitudes: [0, 0, 0],
        values: [410, 412, 413],
        standardErrors: [0, 0, 0]
    )
    let kriging = OrdinaryKriging(field, model: try exponential())
    #expect(abs(try #require(kriging.estimate(longitude: 10, latitude: 0)).value - 411) < 1e-3)
}

@Test func theTreeFindsWhatASearchThroughAllFinds() {
    var random = SeededGenerator(seed: 7)
    // Coordinates in quarters make many equal distances.
    let places = (0..<500).map { _ in
        SIMD4((0..<4).map { _ in (random.uniform() * 8).rounded() / 4 })
    }
    let tree = PlaceTree(places)
    for trial in 0..<50 {
        let place = places[trial] + SIMD4(repeating: trial % 2 == 0 ? 0 : 0.1)
        let all = places.indices.filter { $0 != trial }.map { index in
            let difference = places[index] - place
            return PlaceTree.Neighbour(squaredDistance: (difference * difference).sum(), index: index)
        }.sorted()
        let without = PlaceTree.Exclusion(index: trial)
        let found = tree.nearest(place, count: 17, without: without)
        #expect(found.map(\.index) == all.prefix(17).map(\.index))
        let near = all.filter { $0.squaredDistance <= 0.25 }.map(\.index).sorted()
        #expect(tree.within(place, squaredDistance: 0.25, without: without) == near)
    }
}

/// Values about 412 ppm over ten degrees of China.
func scattered(_ random: inout SeededGenerator, count: Int) throws -> ColumnField {
    var longitudes: [Double] = []
    var latitudes: [Double] = []
    for _ in 0..<count {
        longitudes.append(105 + 10 * random.uniform())
        latitudes.append(25 + 10 * random.uniform())
    }
    return try ColumnField(
        longitudes: longitudes,
        latitudes: latitudes,
        values: (0..<count).map { _ in 412 + random.normal() },
        standardErrors: (0..<count).map { _ in 0.2 + random.uniform() }
    )
}
