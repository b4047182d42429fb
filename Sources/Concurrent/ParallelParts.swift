/// Like ``parallelMap(count:chunks:_:)`` for work that cannot fail: each chunk gives one part, and the parts come in
/// the order of the chunks. One chunk runs where the caller runs.
///
/// - Parameter chunks: chosen from the data, never from the machine, where sums are combined.
public func parallelParts<Part: Sendable>(
    chunks: Int,
    _ body: @escaping @Sendable (Int) -> Part
) async -> [Part] {
    guard chunks > 1 else { return (0..<chunks).map(body) }
    return await withTaskGroup(of: (Int, Part).self) { group in
        for chunk in 0..<chunks { group.addTask { (chunk, body(chunk)) } }
        var parts = [Part?](repeating: nil, count: chunks)
        for await (chunk, part) in group { parts[chunk] = part }
        return parts.compactMap { $0 }
    }
}
