import CDeflate
import CHDF5

/// One chunk of a variable, shuffled and deflated as the library would do it, ready to be stored.
///
/// Made on any thread: the library packs on one, with zlib, which is four times as slow as libdeflate at its lowest
/// level for the same size of fields whose last digits are noise.
public struct PackedChunk: Sendable {
    let bytes: [UInt8]

    /// Nil for text, and where there is no memory.
    ///
    /// - Parameters:
    ///   - values: all of the chunk, also what stands out over the edge of the variable.
    ///   - type: that the variable was defined with.
    public init?(_ values: [Double], as type: NetCDFType) {
        let shuffled: [UInt8]
        switch type {
        case .double: shuffled = shuffle(values)
        case .float: shuffled = shuffle(values.map { Float($0) })
        case .int16: shuffled = shuffle(values.map { Int16(clamping: clamped($0)) })
        case .int32: shuffled = shuffle(values.map { Int32(clamped($0)) })
        case .int64: shuffled = shuffle(values.map { Int64(clamped($0)) })
        case .uint8: shuffled = shuffle(values.map { UInt8(max(0, clamped($0))) })
        case .string: return nil
        }
        guard let packed = deflated(shuffled) else { return nil }
        bytes = packed
    }
}

extension NetCDFWriter {
    /// Stores a packed chunk. The definitions and all other values must have been written before: from the first
    /// chunk on the file takes nothing else.
    ///
    /// - Parameter offset: index of the first element of the chunk along each dimension, whole multiples of the
    ///   lengths of the chunks that the variable was defined with.
    public mutating func write(
        _ chunk: PackedChunk,
        to name: String,
        offset: [Int]
    ) throws(NetCDFError) {
        let file = try openForChunks()
        guard let set = HDF5Identifier(H5Dopen2(file, name, 0)) else {
            throw NetCDFError(.absent("no such variable"), path: path, variable: name)
        }
        let place = offset.map { hsize_t($0) }
        guard H5Dwrite_chunk(set.number, 0, 0, place, chunk.bytes.count, chunk.bytes) >= 0 else {
            throw NetCDFError(.inputOutput("cannot store a chunk"), path: path, variable: name)
        }
    }
}

/// Counts are whole and small; what is not becomes the nearest that the type holds in 32 bits.
private func clamped(_ value: Double) -> Int {
    guard value.isFinite else { return 0 }
    return Int(min(Double(Int32.max), max(Double(Int32.min), value)))
}

/// The first bytes of all elements, then all second bytes, and so on: the shuffle filter of HDF5.
private func shuffle<Element: BitwiseCopyable>(_ values: [Element]) -> [UInt8] {
    let size = MemoryLayout<Element>.stride
    let count = values.count
    return [UInt8](unsafeUninitializedCapacity: size * count) { buffer, initialized in
        values.withUnsafeBytes { source in
            guard let planes = buffer.baseAddress, let bytes = source.baseAddress else { return }
            let elements = bytes.assumingMemoryBound(to: UInt8.self)
            for byte in 0..<size {
                let plane = planes + byte * count
                var place = byte
                for index in 0..<count {
                    plane[index] = elements[place]
                    place &+= size
                }
            }
        }
        initialized = size * count
    }
}

private func deflated(_ content: [UInt8]) -> [UInt8]? {
    guard let compressor = libdeflate_alloc_compressor(1) else { return nil }
    defer { libdeflate_free_compressor(compressor) }
    let bound = libdeflate_zlib_compress_bound(compressor, content.count)
    let packed = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        count = libdeflate_zlib_compress(compressor, content, content.count, buffer.baseAddress, bound)
    }
    return packed.isEmpty ? nil : packed
}
