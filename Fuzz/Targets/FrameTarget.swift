import Ingest

/// Makes an input the data of a frame whose length and check fit: what only a random change of both would reach.
func framed(_ input: [UInt8]) -> [UInt8] {
    let data = input.prefix(9999)
    let length = String(data.count)
    let head = "##" + String(repeating: "0", count: 4 - length.count) + length
    let check = String(checksum(of: data), radix: 16, uppercase: true)
    let tail = String(repeating: "0", count: 4 - check.count) + check + "\r\n"
    return Array(head.utf8) + data + Array(tail.utf8)
}

/// HJ 212-2017, appendix A, bit by bit as it stands there.
private func checksum(of data: ArraySlice<UInt8>) -> UInt16 {
    data.reduce(0xFFFF) { register, byte in
        (0..<8).reduce(register >> 8 ^ UInt16(byte)) { value, _ in
            value & 1 == 1 ? value >> 1 ^ 0xA001 : value >> 1
        }
    }
}

/// Cuts a stream into pieces as long as its first byte says.
///
/// What a scanner finds must not depend on the cuts, nor may a piece be lost.
/// - Returns: the number of elements, and the stream.
func scanned(_ input: [UInt8]) -> (count: Int, stream: [UInt8]) {
    let size = max(1, Int(input.first ?? 1))
    let stream = Array(input.dropFirst())
    var pieces = HJ212FrameScanner()
    var found: [HJ212FrameScanner.Element] = []
    for start in stride(from: 0, to: stream.count, by: size) {
        pieces.append(stream[start..<min(start + size, stream.count)])
        while let element = pieces.next() { found.append(element) }
        precondition(pieces.pendingByteCount <= HJ212FrameScanner.frameByteLimit + size)
    }
    while let element = pieces.giveUp() { found.append(element) }
    var whole = HJ212FrameScanner()
    whole.append(stream)
    var expected: [HJ212FrameScanner.Element] = []
    while let element = whole.next() { expected.append(element) }
    while let element = whole.giveUp() { expected.append(element) }
    precondition(found == expected, "what is found depends on how the stream was cut")
    return (found.count, stream)
}
