import Foundation
public import Quantities

/// The SHA-256 digest (FIPS 180-4) that names the inputs of every output.
public struct SHA256: Sendable {
    /// The first 32 bits of the fractional parts of the square roots of the first 8 primes.
    private var state: SIMD8<UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
        0x5be0_cd19,
    ]
    /// Bytes that do not fill a block yet; always fewer than 64.
    private var rest: [UInt8] = []
    private var byteCount: UInt64 = 0

    public init() {}

    /// Appends bytes to the message.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
            Array(bytes).withUnsafeBytes { update($0) }
        }
    }

    private mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var whole = bytes
        if !rest.isEmpty {
            let missing = min(64 - rest.count, bytes.count)
            rest.append(contentsOf: bytes[..<missing])
            guard rest.count == 64 else { return }
            rest.withUnsafeBytes { state = sha256State(state, $0) }
            rest.removeAll(keepingCapacity: true)
            whole = UnsafeRawBufferPointer(rebasing: bytes[missing...])
        }
        let end = whole.count / 64 * 64
        if end > 0 { state = sha256State(state, UnsafeRawBufferPointer(rebasing: whole[..<end])) }
        rest.append(contentsOf: whole[end...])
    }

    /// The 32 bytes of the digest of all bytes so far.
    public func digest() -> [UInt8] {
        var last = self
        let bits = byteCount &* 8
        var padding: [UInt8] = [0x80]
        padding += [UInt8](repeating: 0, count: (119 - rest.count) % 64)
        padding += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
        last.update(padding)
        return (0..<32).map { UInt8(truncatingIfNeeded: last.state[$0 / 4] >> UInt32(24 - 8 * ($0 % 4))) }
    }

    /// The digest as 64 lower-case hexadecimal digits.
    public func hexDigest() -> String {
        let digits = Array("0123456789abcdef")
        return String(digest().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// The digest of a file, read in pieces of 1 MiB; blocks while it reads.
    ///
    /// - Throws: ``FileAccessError`` when the file is absent or cannot be read.
    public static func hexDigest(ofFile path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw FileAccessError(path: path, exists: FileManager.default.fileExists(atPath: path))
        }
        defer { try? handle.close() }
        var hash = SHA256()
        do {
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(piece) }
        } catch {
            throw FileAccessError(path: path, exists: true)
        }
        return hash.hexDigest()
    }
}

/// The state after whole blocks of 64 bytes (FIPS 180-4, 6.2.2).
private func sha256State(_ before: SIMD8<UInt32>, _ blocks: UnsafeRawBufferPointer) -> SIMD8<UInt32> {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
        roundConstants.withUnsafeBufferPointer { constants in
            var state = before
            for start in stride(from: 0, to: blocks.count, by: 64) {
                fill(schedule, blocks, start)
                for index in 0..<64 { schedule[index] &+= constants[index] }
                state = mix(state, schedule)
            }
            return state
        }
    }
}

/// The message schedule W of a block.
private func fill(
    _ schedule: UnsafeMutableBufferPointer<UInt32>,
    _ blocks: UnsafeRawBufferPointer,
    _ start: Int
) {
    for index in 0..<16 {
        let word = blocks.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self)
        schedule[index] = UInt32(bigEndian: word)
    }
    for index in 16..<64 {
        let early = schedule[index - 15]
        let late = schedule[index - 2]
        let sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ (early &>> 3)
        let sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ (late &>> 10)
        schedule[index] = schedule[index - 16] &+ sigma0 &+ schedule[index - 7] &+ sigma1
    }
}

/// The 64 steps with the standard's names a ... h for the working variables.
/// - Parameter words: schedule and constants, added up.
private func mix(
    _ state: SIMD8<UInt32>,
    _ words: UnsafeMutableBufferPointer<UInt32>
) -> SIMD8<UInt32> {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for word in words {
        let sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
        let first = h &+ sum1 &+ (g ^ (e & (f ^ g))) &+ word
        let sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
        let second = sum0 &+ ((a & b) | (c & (a | b)))
        (h, g, f, e) = (g, f, e, d &+ first)
        (d, c, b, a) = (c, b, a, first &+ second)
    }
    return state &+ SIMD8(a, b, c, d, e, f, g, h)
}

private func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word &>> count | word &<< (32 &- count) }

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, computed from the
/// definition: the integer cube root of prime · 2^96.
private let roundConstants: [UInt32] = {
    let primes = (2...311).filter { number in (2..<number).allSatisfy { number % $0 != 0 } }
    return primes.map { prime in
        let target = UInt128(prime) << 96
        var root: UInt128 = 0
        for bit in stride(from: 34, through: 0, by: -1) {
            let trial = root | UInt128(1) << UInt128(bit)
            if trial * trial * trial <= target { root = trial }
        }
        return UInt32(truncatingIfNeeded: root)
    }
}()

/// A file that is not there or cannot be read or written.
public struct FileAccessError: Fault, Equatable {
    public let path: String
    public let exists: Bool

    public init(path: String, exists: Bool) {
        self.path = path
        self.exists = exists
    }

    public var exitStatus: ExitStatus { exists ? .inputOutput : .missingInput }
    public var what: String { exists ? "cannot read the file" : "no such file" }
    public var place: String { path }
    public var remedy: String { exists ? "check the permissions" : "check the path" }
}
