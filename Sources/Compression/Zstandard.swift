import CZstd

/// Compresses and decompresses bytes in the Zstandard format (RFC 8878), whole buffers at a time.
///
/// The contexts of the library are kept between calls, so that a small buffer costs no set-up.
public struct Zstandard: ~Copyable {
    private let compressor: OpaquePointer
    private let decompressor: OpaquePointer
    private let level: Int32

    /// - Parameter level: as in the library: 1 is fast, 19 is small, negative ones are faster still.
    /// - Throws: ``CompressionError/outOfMemory``.
    public init(level: Int = 1) throws(CompressionError) {
        guard let compressor = ZSTD_createCCtx() else { throw .outOfMemory }
        guard let decompressor = ZSTD_createDCtx() else {
            ZSTD_freeCCtx(compressor)
            throw .outOfMemory
        }
        self.compressor = compressor
        self.decompressor = decompressor
        self.level = min(max(Int32(clamping: level), ZSTD_minCLevel()), ZSTD_maxCLevel())
    }

    deinit {
        ZSTD_freeCCtx(compressor)
        ZSTD_freeDCtx(decompressor)
    }

    /// One frame that states its content size.
    public func compress(_ content: RawSpan) throws(CompressionError) -> [UInt8] {
        let bound = ZSTD_compressBound(content.byteCount)
        guard ZSTD_isError(bound) == 0 else { throw .tooLarge(limit: Int.max) }
        var result = 0
        let frame = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            result = content.withUnsafeBytes {
                ZSTD_compressCCtx(
                    compressor,
                    buffer.baseAddress,
                    buffer.count,
                    $0.baseAddress,
                    $0.count,
                    level
                )
            }
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        guard ZSTD_isError(result) == 0 else { throw .library(message(result)) }
        return frame
    }

    /// The content of one frame.
    /// - Parameter byteLimit: a frame that claims more content is refused before memory is taken for it.
    /// - Throws: ``CompressionError`` for what is no whole frame, does not state its size or states too much.
    public func decompress(_ frame: RawSpan, byteLimit: Int) throws(CompressionError) -> [UInt8] {
        let stated = frame.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        // The library's two markers, 2^64 - 1 (unknown) and 2^64 - 2 (no frame), are cast macros.
        guard stated < UInt64.max - 1 else { throw .notAFrame }
        guard let size = Int(exactly: stated), size <= byteLimit else { throw .tooLarge(limit: byteLimit) }
        var result = 0
        let content = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            result = frame.withUnsafeBytes {
                ZSTD_decompressDCtx(
                    decompressor,
                    buffer.baseAddress,
                    buffer.count,
                    $0.baseAddress,
                    $0.count
                )
            }
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        guard ZSTD_isError(result) == 0 else { throw .library(message(result)) }
        return content
    }

    private func message(_ code: Int) -> String { String(cString: ZSTD_getErrorName(code)) }
}
