import Archive
import Observations
import Quantities

/// Judges the items of a message and puts them in order by station.
struct MessageSorter {
    private let route: PayloadRoute
    private(set) var messages: [PayloadDecoder.Message] = []

    init(_ route: PayloadRoute) { self.route = route }

    /// - Parameter index: of the item in its batch.
    mutating func add(_ item: DecodedPayload.Item, index: Int?, _ received: Instant) {
        var destination: Int?
        do throws(ObservationProblem) {
            let observation: Observation
            switch item.content {
            case .success(let found): observation = found
            case .failure(let problem):
                destination = soleDestination
                throw problem
            }
            let found = try route.destination(of: observation.device)
            destination = found
            let content = try judged(observation, route.destinations[found], received)
            append(content, index, destination, item.sequence)
        } catch {
            append(.rejection(Rejection(error, item: index)), index, destination, item.sequence)
        }
    }

    /// The message as a whole cannot be used.
    mutating func refuse(_ problem: ObservationProblem) {
        append(.rejection(Rejection(problem, item: nil)), nil, soleDestination, nil)
    }

    /// Whose a broken item is, when no other can have sent it.
    private var soleDestination: Int? { route.destinations.count == 1 ? 0 : nil }

    private func judged(
        _ observation: Observation,
        _ destination: PayloadDestination,
        _ received: Instant
    ) throws(ObservationProblem) -> DecodedItem {
        do {
            return .readings(try destination.judge.readings(of: observation, received: received))
        } catch {
            guard error.reason == .noKnownGas, isWeather(observation, destination) else { throw error }
            return .weather(time: observation.time, observation.conditions)
        }
    }

    private func isWeather(_ observation: Observation, _ destination: PayloadDestination) -> Bool {
        let tells = { (names: [String]) in names.contains { observation.conditions[$0] != nil } }
        if destination.takesWeather { return tells(["t", "rh", "p", "h2o", "ws", "wd"]) }
        return observation.values.isEmpty && tells(["ws", "wd"])
    }

    private mutating func append(
        _ item: DecodedItem,
        _ place: Int?,
        _ destination: Int?,
        _ sequence: SequenceNumber?
    ) {
        let index = message(of: destination)
        messages[index].items.append(item)
        if let place { messages[index].places.append(place) }
        if let sequence { messages[index].sequences.append(sequence) }
    }

    private mutating func message(of destination: Int?) -> Int {
        // Neighbours mostly belong together.
        if let last = messages.indices.last, messages[last].destination == destination { return last }
        if let known = messages.firstIndex(where: { $0.destination == destination }) { return known }
        let owner = destination.map { route.destinations[$0] }
        messages.append(
            PayloadDecoder.Message(
                network: owner?.network ?? "",
                station: owner?.station.id ?? "",
                decoder: route.format.version,
                destination: destination
            )
        )
        return messages.count - 1
    }
}
