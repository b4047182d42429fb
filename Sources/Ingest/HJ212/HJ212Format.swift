import Formats
import Quantities

/// The frames of HJ 212, one or several in a payload: as a logger sends them over TCP, or in MQTT messages.
///
/// Frames that belong together because the data were too long for one (`PNUM`, `PNO`) may stand in one payload; a
/// `DataTime` then holds for those of the same request number that follow.
struct HJ212Format: PayloadFormat {
    let version = "hj212-2"
    private let description: HJ212Description
    private let channels: [(code: String, channel: PayloadChannel)]

    init(_ description: HJ212Description) {
        self.description = description
        channels = description.channels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func decode(_ payload: RawSpan) throws(ObservationProblem) -> DecodedPayload {
        var scanner = HJ212FrameScanner()
        scanner.append(payload.withUnsafeBytes { Array($0) })
        var items: [DecodedPayload.Item] = []
        var carried = CarriedTime()
        var frameCount = 0
        while let element = scanner.giveUp() {
            frameCount += 1
            do {
                items += try decode(element, &carried).map { DecodedPayload.Item(content: .success($0)) }
            } catch {
                items.append(DecodedPayload.Item(content: .failure(error)))
            }
        }
        guard frameCount > 0 else { throw ObservationProblem(.malformed, "no frame") }
        return DecodedPayload(isBatch: frameCount > 1 || items.count > 1, items: items)
    }

    /// The moment that the last frame stated, and of which request it was.
    private struct CarriedTime {
        var requestNumber: String?
        var text: String?
    }

    private func decode(
        _ element: HJ212FrameScanner.Element,
        _ carried: inout CarriedTime
    ) throws(ObservationProblem) -> [Observation] {
        switch element {
        case .broken(let bytes):
            throw ObservationProblem(.malformed, "\(bytes.count) bytes of a broken frame")
        case .wrongChecksum(let bytes): throw checksumProblem(bytes)
        case .frame(let bytes): return try observations(of: HJ212Frame(frame: bytes), &carried)
        }
    }

    /// The CRC of an encrypted frame is that of its plain text (HJ 212-2025, appendix A.2), so it never fits what
    /// is there.
    private func checksumProblem(_ line: [UInt8]) -> ObservationProblem {
        let bytes = Array(line.dropLast(2))
        if let frame = try? HJ212Frame(frame: bytes), frame.version == .hj2025, frame.content.first != nil,
            !frame.statesTime
        {
            return ObservationProblem(.encrypted, "the data area is not plain text")
        }
        let right = HJ212Checksum.digits(of: bytes.dropFirst(HJ212FrameScanner.headerByteCount).dropLast(4))
        return ObservationProblem(.checksum, "it would be \(String(decoding: right, as: UTF8.self))")
    }

    private func observations(
        of frame: HJ212Frame,
        _ carried: inout CarriedTime
    ) throws(ObservationProblem) -> [Observation] {
        guard let version = frame.version, version == description.version ?? version else {
            throw ObservationProblem(.unsupportedVersion, "Flag=\(frame.flag)")
        }
        guard description.password == nil || description.password == frame.password else {
            throw ObservationProblem(.wrongPassword)
        }
        guard let command = HJ212Command(rawValue: frame.command) else {
            throw ObservationProblem(.unsupportedCommand, "CN=\(frame.command)")
        }
        guard !description.ignored.contains(command) else { return [] }
        guard command == description.command else {
            throw ObservationProblem(.notIngested, "CN=\(frame.command)")
        }
        return try observations(of: frame, command, &carried)
    }

    private func observations(
        of frame: HJ212Frame,
        _ command: HJ212Command,
        _ carried: inout CarriedTime
    ) throws(ObservationProblem) -> [Observation] {
        let content = HJ212Content(frame.content)
        guard !content.moments.isEmpty else { throw ObservationProblem(.missingTime, "an empty data area") }
        let reader = HJ212Observations(
            description: description,
            channels: channels,
            command: command,
            device: frame.device
        )
        var observations: [Observation] = []
        for var moment in content.moments {
            if moment.time == nil, frame.requestNumber == carried.requestNumber { moment.time = carried.text }
            carried = CarriedTime(requestNumber: frame.requestNumber, text: moment.time)
            // Which of several frames the gas is in is up to the logger; the others have only weather.
            if frame.isPart, !reader.hasGas(moment) { continue }
            observations += try reader.observations(of: moment)
        }
        return observations
    }
}
