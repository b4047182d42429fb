/// Brings the elements of a run at some places together, as stored, in pieces that stay in the nearest cache.
///
/// - Parameters:
///   - places: within the run, ascending.
///   - first: the place of the first element of the run.
///   - byteCount: of an element: 1, 2, 4 or 8.
///   - body: gets the elements of a piece, their number, and how many came before.
func forEachGathered(
    _ elements: UnsafeRawPointer,
    _ places: UnsafeBufferPointer<Int>,
    first: Int,
    byteCount: Int,
    _ body: (_ elements: UnsafeRawPointer, _ count: Int, _ done: Int) -> Void
) {
    let pieceLength = 1 << 10
    withUnsafeTemporaryAllocation(byteCount: 8 * pieceLength, alignment: 64) { piece in
        guard let target = piece.baseAddress, let wanted = places.baseAddress else { return }
        for done in stride(from: 0, to: places.count, by: pieceLength) {
            let count = min(pieceLength, places.count - done)
            switch byteCount {
            case 1: gather(elements, UInt8.self, wanted + done, count, first, target)
            case 2: gather(elements, UInt16.self, wanted + done, count, first, target)
            case 4: gather(elements, UInt32.self, wanted + done, count, first, target)
            default: gather(elements, UInt64.self, wanted + done, count, first, target)
            }
            body(target, count, done)
        }
    }
}

@inline(__always)
private func gather<Stored: BitwiseCopyable>(
    _ elements: UnsafeRawPointer,
    _: Stored.Type,
    _ places: UnsafePointer<Int>,
    _ count: Int,
    _ first: Int,
    _ target: UnsafeMutableRawPointer
) {
    let source = elements.assumingMemoryBound(to: Stored.self)
    let target = target.assumingMemoryBound(to: Stored.self)
    for index in 0..<count { target[index] = source[places[index] &- first] }
}
