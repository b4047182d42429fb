/// Reads rows of one variable run by run: stretches that are contiguous both as stored and in the result.
struct ChunkReader {
    let file: OpenedFile
    let variable: StoredVariable
    let workspace: ChunkWorkspace
    let rows: Range<Int>

    /// Where elements of a run are and how many; the third is the index of the first one in the result.
    typealias Run = (_ elements: UnsafeRawPointer, _ count: Int, _ start: Int) -> Void

    func read(_ storage: StoredVariable.Storage, _ run: Run) throws(NetCDFError) {
        switch storage.layout {
        case .contiguous(let offset): try readContiguous(storage, at: offset, run)
        case .chunked(let grid): try readChunks(grid, storage, run)
        }
    }

    private func readContiguous(
        _ storage: StoredVariable.Storage,
        at offset: Int?,
        _ run: Run
    ) throws(NetCDFError) {
        let count = rows.count * variable.elementsPerRow
        guard let offset else { return fill(storage, count: count, start: 0, run) }
        guard file.holds(0, at: offset) else { throw damaged }
        let size = storage.element.byteCount
        let skipped = rows.lowerBound * variable.elementsPerRow
        // Whole rows, in pieces that stay in the cache between the read and the conversion.
        let piece = max(1, (1 << 15) / variable.elementsPerRow) * variable.elementsPerRow
        for start in stride(from: 0, to: count, by: piece) {
            let length = min(piece, count - start)
            let bytes = workspace.first(length * size)
            try file.read(into: bytes, at: offset + (skipped + start) * size, of: variable.name)
            if let base = bytes.baseAddress { run(UnsafeRawPointer(base), length, start) }
        }
    }

    /// A run of what was never written.
    private func fill(_ storage: StoredVariable.Storage, count: Int, start: Int, _ run: Run) {
        let size = storage.element.byteCount
        let page = min(count, 1 << 12)
        let bytes = workspace.first(page * size)
        guard count > 0, let base = bytes.baseAddress else { return }
        for element in 0..<page {
            (base + element * size).copyMemory(from: storage.fill, byteCount: size)
        }
        for done in stride(from: 0, to: count, by: page) {
            run(UnsafeRawPointer(base), min(page, count - done), start + done)
        }
    }

    private func readChunks(
        _ grid: ChunkGrid,
        _ storage: StoredVariable.Storage,
        _ run: Run
    ) throws(NetCDFError) {
        guard !rows.isEmpty, !grid.places.isEmpty else { return }
        var overlap = ChunkOverlap(grid: grid, shape: variable.shape, rows: rows)
        repeat {
            let place = grid.places[overlap.placeIndex]
            if place.offset < 0 {
                overlap.forEachRun { fill(storage, count: $1, start: $2, run) }
            } else {
                let elements = try decoded(place, grid)
                let size = storage.element.byteCount
                overlap.forEachRun { run(elements + $0 * size, $1, $2) }
            }
        } while overlap.advance()
    }

    private func decoded(_ place: ChunkPlace, _ grid: ChunkGrid) throws(NetCDFError) -> UnsafeRawPointer {
        // Before the buffer is made, so that a damaged size costs no memory.
        guard file.holds(Int(place.byteCount), at: place.offset) else { throw damaged }
        try file.read(into: workspace.first(Int(place.byteCount)), at: place.offset, of: variable.name)
        guard let base = workspace.decoded(place, of: grid)?.baseAddress else { throw damaged }
        return base
    }

    private var damaged: NetCDFError { NetCDFError(.damaged, path: file.path, variable: variable.name) }
}
