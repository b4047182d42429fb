import Foundation

/// How much a task group may run at once; recorded with every result, though results do not depend on it.
public let availableThreads = ProcessInfo.processInfo.activeProcessorCount

/// Runs `body` over contiguous index ranges on the cooperative pool and returns the parts in chunk order,
/// so that a combination of the parts does not depend on scheduling.
///
/// - Parameters:
///   - count: number of items; chunk `c` covers `c * count / chunks ..< (c + 1) * count / chunks`.
///   - chunks: number of tasks; choose it from the data, never from the machine, where sums are combined.
public func parallelMap<Part: Sendable>(
    count: Int,
    chunks: Int,
    _ body: @escaping @Sendable (Range<Int>) throws -> Part
) async throws -> [Part] {
    precondition(count == 0 || chunks > 0, "items without a chunk to be in")
    return try await withThrowingTaskGroup(of: (Int, Part).self) { group in
        for chunk in 0..<chunks {
            group.addTask { (chunk, try body((chunk * count / chunks)..<((chunk + 1) * count / chunks))) }
        }
        var parts = [Part?](repeating: nil, count: chunks)
        for try await (chunk, part) in group { parts[chunk] = part }
        return parts.compactMap { $0 }
    }
}
