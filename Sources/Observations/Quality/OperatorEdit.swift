public import Quantities

/// What a person decided about a stretch of a series: another flag, or another name of the bottle that was
/// measured.
public struct OperatorEdit: Equatable, Sendable {
    public enum Change: Equatable, Sendable {
        /// The flag, and the tests that the person names as the reason.
        case flag(QualityFlag, QualityTests)
        /// The gas was announced as one and was another; nil is air.
        case bottle(old: String?, new: String?)
    }

    /// Nil for any network.
    public let network: String?
    public let station: String
    /// Nil for every instrument of the station.
    public let instrument: String?
    /// Nil for every gas.
    public let gas: Gas?
    public let start: Instant
    /// The first moment that is not meant; nil for an edit that is still open.
    public let end: Instant?
    public let change: Change
    public let who: String
    /// When it was decided.
    public let decided: Instant
    public let why: String

    public init(
        network: String? = nil,
        station: String,
        instrument: String? = nil,
        gas: Gas? = nil,
        start: Instant,
        end: Instant?,
        change: Change,
        who: String,
        decided: Instant,
        why: String
    ) {
        self.network = network
        self.station = station
        self.instrument = instrument
        self.gas = gas
        self.start = start
        self.end = end
        self.change = change
        self.who = who
        self.decided = decided
        self.why = why
    }

    /// Whether it is about a reading.
    public func concerns(_ reading: Reading, of network: String) -> Bool {
        reading.time >= start && reading.time < (end ?? Instant(microseconds: .max))
            && station == reading.station && (self.network ?? network) == network
            && (instrument ?? reading.instrument) == reading.instrument && (gas ?? reading.gas) == reading.gas
    }
}

/// Applies the edits of a network, in the order of their file. Of edits that overlap the last one holds: who
/// writes it has the earlier ones before their eyes.
public struct OperatorEdits: Equatable, Sendable {
    public let network: String
    public let edits: [OperatorEdit]

    public init(network: String, edits: [OperatorEdit]) {
        self.network = network
        self.edits = edits
    }

    /// The readings with the bottles they were really of; comes before every test.
    public func correctingBottles(_ readings: [Reading]) -> [Reading] {
        var corrected = readings
        for edit in relevant(to: readings) {
            guard case .bottle(let old, let new) = edit.change else { continue }
            for index in readings.indices where readings[index].bottle == old {
                // Compared with what was announced, so that two edits can exchange two bottles.
                if edit.concerns(readings[index], of: network) { corrected[index].bottle = new }
            }
        }
        return corrected
    }

    /// The verdicts as a person left them; comes after every test.
    ///
    /// An edit sets the flag whatever the tests said, and ``QualityTests/operatorEdit``; the tests stay visible.
    /// A missing value stays missing, and gas from a bottle fails as air.
    public func apply(to verdicts: [QualityVerdict], of readings: [Reading]) -> [QualityVerdict] {
        precondition(verdicts.count == readings.count, "one verdict a reading")
        var edited = verdicts
        for edit in relevant(to: readings) {
            guard case .flag(let flag, let tests) = edit.change else { continue }
            for index in readings.indices where edit.concerns(readings[index], of: network) {
                edited[index].tests.formUnion(tests.union(.operatorEdit))
                let isAir = readings[index].valuePartsPerMillion != nil && readings[index].bottle == nil
                if isAir, verdicts[index].flag != .missing { edited[index].flag = flag }
            }
        }
        return edited
    }

    /// The edits of the station of the readings; a series has one.
    private func relevant(to readings: [Reading]) -> [OperatorEdit] {
        let stations = Set(readings.map(\.station))
        return edits.filter { stations.contains($0.station) }
    }

    /// The stretches of time whose flags or bottles differ under other edits: what must be settled again after the
    /// file changed.
    public func changes(since old: OperatorEdits) -> [OperatorEdit] {
        guard network == old.network else { return edits + old.edits }
        // The order decides among those that overlap, so from the first difference on all count.
        let common = zip(edits, old.edits).prefix { $0 == $1 }.count
        return Array(edits[common...] + old.edits[common...])
    }
}
