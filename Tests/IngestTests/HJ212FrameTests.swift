import Formats
import TestSupport
import Testing

@testable import Ingest

private typealias Samples = HJ212Samples

/// Everything found in a stream that comes in pieces.
private func elements(_ pieces: [[UInt8]]) -> (elements: [HJ212FrameScanner.Element], skipped: Int) {
    var scanner = HJ212FrameScanner()
    var found: [HJ212FrameScanner.Element] = []
    for piece in pieces {
        scanner.append(piece)
        while let element = scanner.next() { found.append(element) }
        #expect(scanner.pendingByteCount <= HJ212FrameScanner.frameByteLimit)
    }
    while let element = scanner.giveUp() { found.append(element) }
    return (found, scanner.skippedByteCount)
}

private func cut(_ stream: [UInt8], _ random: inout SeededGenerator) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = stream[...]
    let largest = [1, 3, 50, 2000].randomElement(using: &random) ?? 1
    while !rest.isEmpty {
        let count = Int.random(in: 1...largest, using: &random)
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
    }
    return pieces
}

@Suite struct HJ212FrameTests {
    @Test(arguments: HJ212Samples.published)
    func publishedFramesHaveTheirChecksum(text: String) throws {
        let bytes = Array(text.utf8)
        #expect(
            HJ212Checksum.digits(of: bytes.dropFirst(6).dropLast(4))
                == Array(text.suffix(4).uppercased().utf8)
        )
        #expect(elements([bytes]).elements == [.frame(bytes)])
        #expect(elements([bytes + Array("\r\n".utf8)]).elements == [.frame(bytes)])
    }

    @Test func theChecksumIsNotThatOfModbus() {
        // CRC-16/MODBUS of these digits is 4B37; the register loses its low byte instead of shifting it in.
        #expect(HJ212Checksum.of("123456789".utf8) != 0x4B37)
        #expect(HJ212Checksum.value(ofDigits: "1c80".utf8) == 0x1C80)
        #expect(HJ212Checksum.value(ofDigits: "1G80".utf8) == nil)
    }

    @Test(arguments: HJ212Samples.published, [0, 6, 7, 40, 85])
    func anyChangedByteIsSeen(text: String, place: Int) {
        var bytes = Array(text.utf8)
        guard bytes.indices.contains(place), place >= 6 else { return }
        bytes[place] ^= 1
        bytes += Array("\r\n".utf8)
        #expect(elements([bytes]).elements == [.wrongChecksum(bytes)])
    }

    @Test func gluedFramesAndGarbageBetweenThemAreToldApart() {
        let first = Samples.frame("a=1")
        let second = Samples.frame("b=2")
        let stream =
            Array("noise\u{1}#".utf8) + first + second.dropLast(2) + Array("\r\n\r\n#x##12".utf8) + first
        let (found, skipped) = elements([stream])
        #expect(found == [first, second, first].map { .frame($0.dropLast(2)) })
        // A single sign, or two without a length, are no beginning of a frame.
        #expect(skipped == 7 + 2 + 4)
    }

    @Test func aFrameThatLostItsEndDoesNotSwallowTheNext() {
        let whole = Samples.frame(Samples.carbonDioxide("420.1"))
        let torn = Array(whole.prefix(50))
        var scanner = HJ212FrameScanner()
        scanner.append(torn)
        #expect(scanner.next() == nil)
        // Its repetition tells at once, and is not waited for.
        scanner.append(whole)
        #expect(scanner.next() == .broken(torn))
        #expect(scanner.next() == .frame(whole.dropLast(2)))
        #expect(scanner.next() == nil && scanner.giveUp() == nil)
    }

    @Test func statedLengthsThatAreNotTrueBreakTheFrame() {
        let whole = Samples.frame("a=1")
        var long = whole
        long[3] = UInt8(ascii: "9")
        #expect(elements([long + whole]).elements == [.broken(long), .frame(whole.dropLast(2))])
        // Too short: the CRC is not where it should be, and no line ends there.
        var short = whole
        short[5] = short[5] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        let (found, _) = elements([short + whole])
        #expect(found.count == 2)
        #expect(found.last == .frame(whole.dropLast(2)))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func whatIsFoundDoesNotDependOnHowTheStreamWasCut(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let signs = Array("##0015#&=;\r\nCP7f".utf8)
        var stream: [UInt8] = []
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: stream += (0..<60).map { _ in signs.randomElement(using: &random) ?? 0 }
            case 1: stream += (0..<60).map { _ in UInt8.random(in: 0...255, using: &random) }
            case 2:
                stream += Samples.frame("x=\(random.next())").prefix(Int.random(in: 1...80, using: &random))
            case 3: stream += Samples.frame("x=\(random.next())").dropLast(2)
            default: stream += Samples.frame("x=\(random.next())")
            }
        }
        let whole = elements([stream])
        let pieces = elements(cut(stream, &random))
        #expect(pieces.elements == whole.elements)
        #expect(pieces.skipped == whole.skipped)
        // What is given out is kept as it is; read again, it is the same.
        for element in whole.elements {
            switch element {
            case .frame(let bytes), .wrongChecksum(let bytes), .broken(let bytes):
                #expect(elements([bytes]).elements == [element])
            }
        }
    }

    @Test func hostileHeadersCostNoMoreThanTheirBytes() {
        // A header every six bytes, each promising the longest frame: none may be summed up over and over.
        let stream = [UInt8](repeating: 0, count: 600_000).indices.map { Array("##9990".utf8)[$0 % 6] }
        let (found, skipped) = elements([stream])
        let kept = found.reduce(skipped) { sum, element in
            if case .broken(let bytes) = element { return sum + bytes.count }
            return sum
        }
        #expect(kept == stream.count)
        #expect(found.count == 100_000)
    }
}

@Suite struct HJ212ReplyTests {
    private func frame(_ data: String) throws -> HJ212Frame { try HJ212Frame(data: Array(data.utf8)[...]) }

    @Test func theHeadIsRead() throws {
        let read = try frame("QN=1;ST=22;CN=2011;PW=p;MN=m;Flag=7;PNUM=2;PNO=1;CP=&&DataTime=2;x-Rtd=1&&")
        #expect(read.requestNumber == "1" && read.system == "22" && read.command == 2011)
        #expect(read.password == "p" && read.device == "m" && read.partCount == 2 && read.part == 1)
        #expect(read.wantsAnswer && read.version == .hj2017 && read.isPart && read.statesTime)
        #expect(try frame("CN=2011;MN=m;CP=&&&&").version == .hjt2005)
        #expect(try frame("CN=2011;MN=m;Flag=9;CP=&&&&").version == .hj2025)
        #expect(try frame("CN=2011;MN=m;Flag=12;CP=&&&&").version == nil)
        let bad = [
            "CN=2011;MN=m", "CN=2011;MN=m;CP=&&", "CN=2011;MN=m;CP=&&&", "MN=m;CP=&&&&", "CN=2011;CP=&&&&",
            "",
            "CN=99999999999999999999;MN=m;CP=&&&&", "CN=-1;MN=m;CP=&&&&", "CN=1;MN=m;Flag=256;CP=&&&&",
        ]
        for data in bad { #expect(throws: ObservationProblem.self, "\(data)") { try frame(data) } }
    }

    /// HJ 212-2017, appendix C: the answer to the upload of real-time data.
    @Test func dataAreAnsweredAsTheStandardShows() throws {
        let request = try HJ212Frame(frame: Array(Samples.published[2].utf8))
        #expect(HJ212Reply.bytes(to: request) == Array((Samples.published[1] + "\r\n").utf8))
    }

    @Test func everyEditionIsAnsweredInItsOwnForm() throws {
        func answer(_ data: String) throws -> String? {
            HJ212Reply.bytes(to: try frame(data)).map {
                String(decoding: $0.dropFirst(6).dropLast(6), as: UTF8.self)
            }
        }
        #expect(
            try answer("QN=1;ST=32;CN=2051;MN=m;Flag=1;CP=&&&&") == "ST=91;CN=9014;CP=&&QN=1;CN=2051&&"
        )
        #expect(
            try answer("QN=1;ST=22;CN=2061;PW=p;MN=m;Flag=9;CP=&&&&")
                == "QN=1;ST=91;CN=9014;PW=p;MN=m;Flag=8;CP=&&&&"
        )
        #expect(try answer("QN=1;ST=91;CN=9015;MN=m;Flag=9;CP=&&&&")?.contains("CN=9013") == true)
        #expect(try answer("QN=1;ST=22;CN=1013;MN=m;Flag=5;CP=&&&&")?.contains("CN=9013") == true)
        #expect(try answer("QN=1;ST=22;CN=2011;MN=m;Flag=4;CP=&&&&") == nil)
        #expect(try answer("ST=22;CN=2011;MN=m;Flag=5;CP=&&&&") == nil)
        #expect(try answer("QN=1;ST=91;CN=9011;MN=m;Flag=5;CP=&&&&") == nil)
    }
}
