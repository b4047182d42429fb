/// Which observations count at which place, and by how much.
///
/// A place is where one local analysis is made; all state elements there (sectors of a cell, periods of a region)
/// share it. The error variance of an observation is divided by its weight at the place (R-localisation).
public struct LocalObservations: Sendable {
    /// Observations of place p are `observations[starts[p] ..< starts[p + 1]]`, with `weights` beside.
    let starts: [Int]
    let observations: [Int]
    let weights: [Double]
    let observationCount: Int
    /// State elements of each place.
    let statesOfPlace: [[Int]]

    /// Below it an observation does not count: its share of the information is that small.
    static let smallestWeight = 1e-3

    /// - Parameters:
    ///   - placeOfState: for each state element the number of its place, 0 ..< placeCount.
    ///   - taper: weight at a distance.
    ///   - distance: between a place and an observation, in the unit of the taper; called once for each pair.
    ///     An observation without a place, such as a column that sees all, may be at distance 0 from everywhere.
    /// - Throws: ``EnsembleError/badOption(_:value:)`` for a place out of range or a distance that is NaN.
    public init(
        placeOfState: [Int],
        placeCount: Int,
        observationCount: Int,
        taper: GaspariCohn,
        distance: (_ place: Int, _ observation: Int) -> Double
    ) throws(EnsembleError) {
        var states = [[Int]](repeating: [], count: placeCount)
        for (state, place) in placeOfState.enumerated() {
            guard states.indices.contains(place) else {
                throw .badOption("place of state \(state)", value: Double(place))
            }
            states[place].append(state)
        }
        var starts = [0]
        var observations: [Int] = []
        var weights: [Double] = []
        for place in 0..<placeCount {
            for observation in 0..<observationCount {
                let separation = distance(place, observation)
                guard !separation.isNaN else {
                    throw .badOption("distance of place \(place) to observation \(observation)", value: .nan)
                }
                let weight = taper(separation)
                guard weight > Self.smallestWeight else { continue }
                observations.append(observation)
                weights.append(weight)
            }
            starts.append(observations.count)
        }
        self.starts = starts
        self.observations = observations
        self.weights = weights
        self.observationCount = observationCount
        statesOfPlace = states
    }

    var placeCount: Int { statesOfPlace.count }
    var stateCount: Int { statesOfPlace.reduce(0) { $0 + $1.count } }
}
