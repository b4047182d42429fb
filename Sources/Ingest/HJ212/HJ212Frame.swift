import Formats

/// The data of a frame with its head read.
struct HJ212Frame: Equatable {
    /// `QN`, the local time in ms; an answer repeats it.
    var requestNumber: String?
    /// `ST`: 22 is air quality, 91 the conversation itself.
    var system: String?
    /// `CN`.
    var command: Int
    var password: String?
    /// `MN`.
    var device: String
    /// `Flag`: from the low end, an answer is wanted, the frame is numbered, and six bits of version.
    var flag: UInt8
    /// `PNUM`: how many frames carry what was too long for one.
    var partCount: Int?
    /// `PNO`, from 1.
    var part: Int?
    /// Between the two `&&` of `CP`.
    var content: ArraySlice<UInt8>

    var wantsAnswer: Bool { flag & 1 == 1 }
    var version: HJ212Version? { HJ212Version(rawValue: flag >> 2) }
    var isPart: Bool { partCount ?? 1 > 1 }
    var statesTime: Bool { content.starts(with: "DataTime=".utf8) || content.contains("DataTime=") }

    /// - Parameter frame: from `##` to the CRC, both as ``HJ212FrameScanner`` has checked them.
    init(frame: [UInt8]) throws(ObservationProblem) {
        guard frame.count >= HJ212FrameScanner.headerByteCount + 4 else {
            throw ObservationProblem(.malformed, "shorter than a frame")
        }
        try self.init(data: frame[HJ212FrameScanner.headerByteCount..<(frame.count - 4)])
    }

    init(data: ArraySlice<UInt8>) throws(ObservationProblem) {
        guard let opening = data.firstIndex(of: "CP=&&", from: data.startIndex) else {
            throw ObservationProblem(.malformed, "no CP=&&")
        }
        let rest = data[(opening + 5)...]
        guard rest.count >= 2, rest.suffix(2).elementsEqual("&&".utf8) else {
            throw ObservationProblem(.malformed, "CP does not end with &&")
        }
        content = rest.dropLast(2)
        (command, device, flag) = (-1, "", 0)
        for field in data[..<opening].split(separator: UInt8(ascii: ";")) { try read(field) }
        guard command >= 0 else { throw ObservationProblem(.malformed, "no CN") }
        guard !device.isEmpty else { throw ObservationProblem(.malformed, "no MN") }
    }

    private mutating func read(_ field: ArraySlice<UInt8>) throws(ObservationProblem) {
        guard let sign = field.firstIndex(of: UInt8(ascii: "=")) else { return }
        let name = String(decoding: field[..<sign], as: UTF8.self)
        let value = String(decoding: field[(sign + 1)...], as: UTF8.self)
        switch name {
        case "QN": requestNumber = value
        case "ST": system = value
        case "CN": command = try number(name, value)
        case "PW": password = value
        case "MN": device = value
        case "Flag":
            guard let flag = UInt8(exactly: try number(name, value)) else {
                throw ObservationProblem(.malformed, "Flag=\(value.prefix(16))")
            }
            self.flag = flag
        case "PNUM": partCount = try number(name, value)
        case "PNO": part = try number(name, value)
        default: break
        }
    }

    private func number(_ name: String, _ value: String) throws(ObservationProblem) -> Int {
        guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value) else {
            throw ObservationProblem(.malformed, "\(name)=\(value.prefix(16))")
        }
        return number
    }
}

extension ArraySlice<UInt8> {
    /// Where a text begins.
    func firstIndex(of text: StaticString, from first: Int) -> Int? {
        text.withUTF8Buffer { sought in
            guard count >= sought.count, let head = sought.first else { return nil }
            var index = first
            while index <= endIndex - sought.count {
                if self[index] == head, self[index..<(index + sought.count)].elementsEqual(sought) {
                    return index
                }
                index += 1
            }
            return nil
        }
    }

    func contains(_ text: StaticString) -> Bool { firstIndex(of: text, from: startIndex) != nil }
}
