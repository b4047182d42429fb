import Archive
import Formats
import Glibc
import Ingest
import Observations
import Quantities

/// A file without a place on a disk.
final class MemoryFile: Sendable {
    private let descriptor: CInt

    /// - Throws: `InputFileError` when the system gives none.
    init() throws {
        let name = "/crosswind-fuzz-\(getpid())-\(UInt32.random(in: .min ... .max))"
        descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw InputFileError() }
        // It lives as long as it is open.
        shm_unlink(name)
    }

    deinit { close(descriptor) }

    var path: String { "/proc/self/fd/\(descriptor)" }

    /// Replaces what the file holds.
    func hold(_ bytes: [UInt8]) {
        let isEmpty = ftruncate(descriptor, 0) == 0
        let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        precondition(isEmpty && count == bytes.count, "the memory file cannot be written")
    }
}

/// The system gives no file in memory.
struct InputFileError: Error {}

/// Reads a recorded file, and decodes what its rows become as messages.
struct RecordTarget {
    private let file: MemoryFile
    private let network: NetworkFile
    private let decoder: PayloadDecoder
    private let encoder = PayloadEncoder(boot: "fuzz")

    /// - Throws: `ConfigurationError`; also when there is no file in memory.
    init(network path: String) throws {
        file = try MemoryFile()
        network = try NetworkFile(path: path)
        decoder = PayloadDecoder(networks: [network.network])
    }

    func run(_ input: [UInt8]) -> Int {
        file.hold(input)
        guard var reader = try? RecordReader(path: file.path, for: network) else { return 0 }
        var count = 0
        while let step = try? reader.next() {
            count += 1
            guard case .row(let row) = step else { continue }
            let topic = Array(observationTopic(network: network.network.id, station: row.station).utf8)
            let bytes = topic + encoder.encode(row, sequence: count)
            let messages = decoder.decode(
                bytes,
                topic: 0..<topic.count,
                payload: topic.count..<bytes.count,
                received: row.time
            )
            let reasons = messages.flatMap(\.items).compactMap { item -> String? in
                if case .rejection(let rejection) = item { return rejection.reason }
                return nil
            }
            // What our own encoder wrote is JSON, whatever stood in the file.
            precondition(!reasons.contains { ["not_json", "not_utf8", "malformed"].contains($0) })
        }
        return count
    }
}
