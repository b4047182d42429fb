extension ChunkedFile {
    /// As ``doubles(_:rows:)``, of some of the rows alone: where many rows are not wanted, this spares their conversion
    /// and memory.
    ///
    /// - Precondition: the selection is of so many rows.
    public func doubles(
        _ variable: String,
        rows: Range<Int>,
        at selection: RowSelection
    ) throws(NetCDFError) -> [Double] {
        precondition(selection.rowCount == rows.count, "a selection of other rows")
        let stored = try stored(variable, rows)
        let width = stored.elementsPerRow
        guard let storage = stored.storage, storage.isByRows(stored.shape), !selection.isWhole else {
            return selection.picked(try doubles(variable, rows: rows), width: width)
        }
        let decoding = stored.decoding
        guard width > 1 else {
            return try gathered(stored, storage, rows, selection) {
                convert($0, $1, storage.element, decoding, into: $2)
                return true
            }
        }
        let places = selection.places
        var next = 0
        return try read(stored, storage, rows, count: places.count * width) {
            elements,
            count,
            start,
            result in
            let (first, end) = (start / width, (start + count) / width)
            // Rows that follow each other are converted at once.
            while next < places.count, places[next] < end {
                var after = next + 1
                while after < places.count, places[after] < end, places[after] == places[after - 1] + 1 {
                    after += 1
                }
                let source = elements + (places[next] - first) * width * storage.element.byteCount
                let length = (after - next) * width
                convert(source, length, storage.element, decoding, into: result + next * width)
                next = after
            }
            return true
        }
    }

    /// As ``unsignedIntegers(_:rows:)``, of some of the rows alone.
    ///
    /// - Precondition: the selection is of so many rows.
    public func unsignedIntegers(
        _ variable: String,
        rows: Range<Int>,
        at selection: RowSelection
    ) throws(NetCDFError) -> [UInt64] {
        precondition(selection.rowCount == rows.count, "a selection of other rows")
        let stored = try whole(variable, rows)
        let width = stored.elementsPerRow
        guard let storage = stored.storage, width == 1, !selection.isWhole else {
            return selection.picked(try unsignedIntegers(variable, rows: rows), width: width)
        }
        return try gathered(stored, storage, rows, selection) {
            convert($0, $1, storage.element, into: $2)
        }
    }

    /// - Parameter convert: gets elements that were brought together, their number and where they go.
    private func gathered<Number>(
        _ stored: StoredVariable,
        _ storage: StoredVariable.Storage,
        _ rows: Range<Int>,
        _ selection: RowSelection,
        _ convert: (UnsafeRawPointer, Int, UnsafeMutablePointer<Number>) -> Bool
    ) throws(NetCDFError) -> [Number] {
        let byteCount = storage.element.byteCount
        var next = 0
        return try read(stored, storage, rows, count: selection.count) { elements, count, start, result in
            // Runs come in the order of their rows.
            let range = selection.places(in: start..<(start + count), from: next)
            next = range.upperBound
            var allFit = true
            selection.places.withUnsafeBufferPointer { places in
                let wanted = UnsafeBufferPointer(rebasing: places[range])
                forEachGathered(elements, wanted, first: start, byteCount: byteCount) {
                    if !convert($0, $1, result + range.lowerBound + $2) { allFit = false }
                }
            }
            return allFit
        }
    }
}
