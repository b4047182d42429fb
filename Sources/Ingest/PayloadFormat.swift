import Quantities

/// Reads the payloads of one kind of device. A decoder says what stands there; whether it can be is judged later,
/// by the same rules for all. Of the two methods a format has one.
protocol PayloadFormat: Sendable {
    /// Name and version, kept with what could not be read, so that it is known which are worth another try.
    var version: String { get }

    /// The observations of one payload, in their order.
    /// - Throws: when the payload as a whole cannot be read.
    func decode(_ payload: RawSpan) throws(ObservationProblem) -> DecodedPayload

    /// The same for a payload whose times may count from the moment at which it came.
    func decode(_ payload: RawSpan, received: Instant) throws(ObservationProblem) -> DecodedPayload
}

extension PayloadFormat {
    func decode(_ payload: RawSpan) throws(ObservationProblem) -> DecodedPayload {
        try decode(payload, received: .now())
    }

    func decode(_ payload: RawSpan, received: Instant) throws(ObservationProblem) -> DecodedPayload {
        try decode(payload)
    }
}

/// What one payload contained.
struct DecodedPayload {
    /// One of several that the payload may hold. A bad one is refused alone.
    struct Item {
        /// Known even of observations that cannot be used: the logger need not send them again.
        var sequence: SequenceNumber?
        var content: Result<Observation, ObservationProblem>
    }

    /// Whether the payload can hold several; then a rejection names the index.
    var isBatch: Bool
    var items: [Item]
}

/// Why an observation cannot be used.
struct ObservationProblem: Error, Equatable {
    let reason: RejectionReason
    let detail: String

    init(_ reason: RejectionReason, _ detail: String = "") {
        self.reason = reason
        self.detail = detail
    }
}

/// Why a message, or one observation in it, could not be used. The names are stored and counted.
enum RejectionReason: String {
    case tooLarge = "too_large"
    case notJSON = "not_json"
    case notUTF8 = "not_utf8"
    case notAnObject = "not_an_object"
    case emptyBatch = "empty_batch"
    case unknownTopic = "unknown_topic"
    case unknownNetwork = "unknown_network"
    case unknownStation = "unknown_station"
    case unsupportedVersion = "unsupported_version"
    case missingTime = "missing_time"
    case timeWithoutZone = "time_without_zone"
    case unreadableTime = "unreadable_time"
    case timeInFuture = "time_in_future"
    case timeTooEarly = "time_too_early"
    case clockNotSet = "clock_not_set"
    case noKnownGas = "no_known_gas"
    case notANumber = "not_a_number"
    case notFinite = "not_finite"
    case halfPosition = "half_position"
    /// No document of the format: a member or column that must be there is not, a frame is broken.
    case malformed = "malformed"
    /// A checksum does not fit.
    case checksum = "checksum"
    /// The payload names a device that no station of the topic is.
    case unknownDevice = "unknown_device"
    case unknownUnit = "unknown_unit"
    case missingUnit = "missing_unit"
    /// Mass in a volume of air whose temperature and pressure are not there.
    case missingState = "missing_state"
    /// A frame of a kind that carries no measurements.
    case unsupportedCommand = "unsupported_command"
    /// Measurements that the network file does not ask for; kept in case it was wrong not to.
    case notIngested = "not_ingested"
    case encrypted
    case wrongPassword = "wrong_password"
}
