import Geo
import Testing

@Test func placesWithHolesAreFoundByTheirLeastStep() throws {
    let places = try #require(RegularPlaces([7.5, 5, 5.5, 5.5, 8]))
    #expect(places.first == 5 && places.step == 0.5 && places.count == 7)
    #expect([5, 5.5, 7.5, 8].map(places.index) == [0, 1, 5, 6])
}

@Test func onePlaceIsAPlace() {
    #expect(RegularPlaces([3, 3])?.count == 1)
    #expect(RegularPlaces([]) == nil)
}

@Test(arguments: [[0, 1, 2.3], [0, 1e-4, 100]])
func placesBesideTheOthersAreNoGrid(coordinates: [Double]) {
    #expect(RegularPlaces(coordinates) == nil)
}
