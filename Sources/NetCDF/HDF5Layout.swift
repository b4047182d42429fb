import CHDF5

/// An HDF5 handle that is given back when it goes out of use. Only on the ``NetCDFThread``.
struct HDF5Identifier: ~Copyable {
    let number: hid_t

    /// Nil for the negative number of a failed call.
    init?(_ number: hid_t) {
        guard number >= 0 else { return nil }
        self.number = number
    }

    deinit { H5Idec_ref(number) }
}

/// Asks HDF5 where a variable's bytes are. Everything unusual gives nil, and is left to the library.
@NetCDFThread
struct HDF5Layout: ~Copyable {
    private let file: HDF5Identifier
    private let bytes: OpenedFile

    init?(_ bytes: OpenedFile) {
        H5Eset_auto2(0, nil, nil)
        guard let file = HDF5Identifier(H5Fopen(bytes.path, 0, 0)),
            let creation = HDF5Identifier(H5Fget_create_plist(file.number))
        else { return nil }
        var userBlock: hsize_t = 0
        // Behind a user block addresses count from its end in some versions and calls, and not in others.
        guard H5Pget_userblock(creation.number, &userBlock) >= 0, userBlock == 0 else { return nil }
        self.file = file
        self.bytes = bytes
    }

    /// - Parameter shape: as netCDF sees the variable; a dimension that another variable has extended is longer
    ///   there than here.
    func storage(of path: String, shape: [Int]) -> StoredVariable.Storage? {
        guard let set = HDF5Identifier(H5Dopen2(file.number, storedPath(path), 0)),
            let space = HDF5Identifier(H5Dget_space(set.number)), extents(of: space) == shape,
            let type = HDF5Identifier(H5Dget_type(set.number)), let element = Self.element(type),
            let creation = HDF5Identifier(H5Dget_create_plist(set.number)),
            H5Pget_external_count(creation.number) == 0,
            let fill = fill(creation, type, element),
            let layout = layout(set, creation, shape, element)
        else { return nil }
        return StoredVariable.Storage(element: element, fill: fill, layout: layout)
    }

    /// NetCDF stores a variable that has the name of a dimension it does not span under another name.
    private func storedPath(_ path: String) -> String {
        var parts = path.split(separator: "/").map(String.init)
        parts[parts.count - 1] = "_nc4_non_coord_" + parts[parts.count - 1]
        let other = parts.joined(separator: "/")
        return H5Lexists(file.number, other, 0) > 0 ? other : path
    }

    private func extents(of space: borrowing HDF5Identifier) -> [Int]? {
        let rank = H5Sget_simple_extent_ndims(space.number)
        guard rank >= 0, H5Sget_simple_extent_type(space.number) != H5S_NULL else { return nil }
        var lengths = [hsize_t](repeating: 0, count: max(Int(rank), 1))
        guard H5Sget_simple_extent_dims(space.number, &lengths, nil) == rank else { return nil }
        return lengths.prefix(Int(rank)).map { Int(clamping: $0) }
    }

    /// Only what the machine computes with as it is: little-endian, all bits used, IEEE 754.
    private static func element(_ type: borrowing HDF5Identifier) -> StoredElement? {
        let size = H5Tget_size(type.number)
        guard size <= 8, H5Tget_precision(type.number) == 8 * size, H5Tget_offset(type.number) == 0,
            size == 1 || H5Tget_order(type.number) == H5T_ORDER_LE
        else { return nil }
        switch H5Tget_class(type.number) {
        case H5T_INTEGER: return whole(size, isSigned: H5Tget_sign(type.number) == H5T_SGN_2)
        case H5T_FLOAT: return floating(type, size)
        default: return nil
        }
    }

    private static func whole(_ size: Int, isSigned: Bool) -> StoredElement? {
        switch size {
        case 1: isSigned ? .int8 : .uint8
        case 2: isSigned ? .int16 : .uint16
        case 4: isSigned ? .int32 : .uint32
        case 8: isSigned ? .int64 : .uint64
        default: nil
        }
    }

    private static func floating(_ type: borrowing HDF5Identifier, _ size: Int) -> StoredElement? {
        var sign = 0
        var exponent = 0
        var exponentBits = 0
        var mantissa = 0
        var mantissaBits = 0
        guard H5Tget_fields(type.number, &sign, &exponent, &exponentBits, &mantissa, &mantissaBits) >= 0,
            H5Tget_norm(type.number) == H5T_NORM_IMPLIED
        else { return nil }
        let fields = [sign, exponent, exponentBits, mantissa, mantissaBits]
        let bias = H5Tget_ebias(type.number)
        if size == 4, fields == [31, 23, 8, 0, 23], bias == 127 { return .float }
        if size == 8, fields == [63, 52, 11, 0, 52], bias == 1023 { return .double }
        return nil
    }

    private func fill(
        _ creation: borrowing HDF5Identifier,
        _ type: borrowing HDF5Identifier,
        _ element: StoredElement
    ) -> [UInt8]? {
        var status = H5D_FILL_VALUE_ERROR
        guard H5Pfill_value_defined(creation.number, &status) >= 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: element.byteCount)
        guard status != H5D_FILL_VALUE_UNDEFINED else { return bytes }
        return H5Pget_fill_value(creation.number, type.number, &bytes) >= 0 ? bytes : nil
    }

    private func layout(
        _ set: borrowing HDF5Identifier,
        _ creation: borrowing HDF5Identifier,
        _ shape: [Int],
        _ element: StoredElement
    ) -> StoredVariable.Layout? {
        switch H5Pget_layout(creation.number) {
        case H5D_CONTIGUOUS: contiguous(set)
        case H5D_CHUNKED: grid(set, creation, shape, element).map { .chunked($0) }
        default: nil
        }
    }

    private func contiguous(_ set: borrowing HDF5Identifier) -> StoredVariable.Layout? {
        let address = H5Dget_offset(set.number)
        guard address != UInt64.max else { return .contiguous(offset: nil) }
        return Int(exactly: address).map { .contiguous(offset: $0) }
    }

    private func grid(
        _ set: borrowing HDF5Identifier,
        _ creation: borrowing HDF5Identifier,
        _ shape: [Int],
        _ element: StoredElement
    ) -> ChunkGrid? {
        guard let filters = filters(creation), !shape.isEmpty else { return nil }
        var lengths = [hsize_t](repeating: 0, count: shape.count)
        guard H5Pget_chunk(creation.number, Int32(shape.count), &lengths) == Int32(shape.count) else {
            return nil
        }
        let chunkShape = lengths.map { Int(clamping: $0) }
        guard chunkShape.allSatisfy({ $0 > 0 }), let size = product([element.byteCount] + chunkShape) else {
            return nil
        }
        let counts = zip(shape, chunkShape).map { $0 / $1 + ($0 % $1 == 0 ? 0 : 1) }
        // An index takes bytes of the file too, so that many more chunks than bytes have never been written.
        guard let count = product(counts), count <= max(1 << 16, bytes.byteCount / 8),
            let places = places(set, chunkShape, counts, count, element)
        else { return nil }
        return ChunkGrid(
            chunkShape: chunkShape,
            counts: counts,
            places: places,
            filters: filters,
            chunkByteCount: size
        )
    }

    private func product(_ factors: [Int]) -> Int? {
        var result = 1
        for factor in factors {
            let (next, overflow) = result.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            result = next
        }
        return result
    }

    private func filters(_ creation: borrowing HDF5Identifier) -> [ChunkFilter]? {
        let count = H5Pget_nfilters(creation.number)
        guard (0...32).contains(count) else { return nil }
        var filters: [ChunkFilter] = []
        for index in 0..<UInt32(count) {
            var flags: UInt32 = 0
            var valueCount = 1
            var value: UInt32 = 0
            let kind = H5Pget_filter2(
                creation.number,
                index,
                &flags,
                &valueCount,
                &value,
                0,
                nil,
                nil
            )
            switch kind {
            case 1: filters.append(.deflate)
            case 2 where valueCount == 1 && value > 0: filters.append(.shuffle(elementSize: Int(value)))
            case 3: filters.append(.fletcher32)
            default: return nil
            }
        }
        let isInvertible = ChunkFilter.sizes(before: filters, skipped: 0, chunkByteCount: 1) != nil
        return isInvertible ? filters : nil
    }

    private func places(
        _ set: borrowing HDF5Identifier,
        _ chunkShape: [Int],
        _ counts: [Int],
        _ count: Int,
        _ element: StoredElement
    ) -> [ChunkPlace]? {
        func ask(_ index: Int) -> ChunkPlace? { place(set, origin(of: index, chunkShape, counts)) }
        if let places = indexed(set, chunkShape, counts, element), let first = places.first,
            first == ask(0), places.last == ask(count - 1)
        {
            return places
        }
        var places: [ChunkPlace] = []
        places.reserveCapacity(count)
        for index in 0..<count {
            guard let place = ask(index) else { return nil }
            places.append(place)
        }
        return places
    }

    private func indexed(
        _ set: borrowing HDF5Identifier,
        _ chunkShape: [Int],
        _ counts: [Int],
        _ element: StoredElement
    ) -> [ChunkPlace]? {
        var info = H5G_stat_t()
        guard H5Gget_objinfo(set.number, ".", false, &info) >= 0 else { return nil }
        return ChunkIndex.places(
            bytes,
            header: UInt64(info.objno.0),
            chunkShape: chunkShape,
            counts: counts,
            elementByteCount: element.byteCount
        )
    }

    /// Of the first element of a chunk, by its place in row-major order.
    private func origin(of index: Int, _ chunkShape: [Int], _ counts: [Int]) -> [hsize_t] {
        var origin = [hsize_t](repeating: 0, count: counts.count)
        var rest = index
        for dimension in counts.indices.reversed() {
            origin[dimension] = hsize_t(rest % counts[dimension]) * hsize_t(chunkShape[dimension])
            rest /= counts[dimension]
        }
        return origin
    }

    private func place(_ set: borrowing HDF5Identifier, _ origin: [hsize_t]) -> ChunkPlace? {
        var mask: UInt32 = 0
        var address: haddr_t = 0
        var size: hsize_t = 0
        guard H5Dget_chunk_info_by_coord(set.number, origin, &mask, &address, &size) >= 0 else { return nil }
        guard address != UInt64.max else { return .unwritten }
        guard let offset = Int(exactly: address), let byteCount = UInt32(exactly: size) else { return nil }
        return ChunkPlace(offset: offset, byteCount: byteCount, skippedFilters: mask)
    }
}
