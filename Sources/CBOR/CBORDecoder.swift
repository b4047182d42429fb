import CCBOR

extension CBORValue {
    /// Decodes one item that fills the bytes.
    ///
    /// libcbor's own tree allocates by the lengths that a document declares; its stream decoder, which is used here,
    /// allocates nothing, and what is built from it grows only with what is there.
    public init(_ bytes: RawSpan, limits: CBORLimits = CBORLimits()) throws(CBORError) {
        guard bytes.byteCount <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        var builder = CBORBuilder(limits: limits)
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(CBORError) in try builder.decode(buffer) }
        }
        self = try result.get()
    }
}

/// What the stream decoder found; a text or string as the range of its bytes.
private enum CBOREvent {
    case value(CBORValue)
    case text(UnsafeBufferPointer<UInt8>)
    case bytes(UnsafeBufferPointer<UInt8>)
    case textStart
    case bytesStart
    /// Nil for an indefinite length.
    case array(Int?)
    case map(Int?)
    case tag(UInt64)
    case end
}

/// Puts events together to a tree.
private struct CBORBuilder {
    private enum Container {
        case array
        case map
        case tag(UInt64)
        case text
        case bytes
    }

    private struct Frame {
        let container: Container
        /// Items to come; nil until a break.
        var left: Int?
        var items: [CBORValue] = []
    }

    private let limits: CBORLimits
    private var frames: [Frame] = []
    private var itemCount = 0
    private var root: CBORValue?

    init(limits: CBORLimits) { self.limits = limits }

    mutating func decode(_ buffer: UnsafeRawBufferPointer) throws(CBORError) -> CBORValue {
        var callbacks = cborCallbacks()
        var offset = 0
        let bytes = buffer.bindMemory(to: UInt8.self)
        while root == nil {
            guard offset < bytes.count, let base = bytes.baseAddress else { throw .truncated }
            var event: CBOREvent?
            let result = withUnsafeMutablePointer(to: &event) { event in
                cbor_stream_decode(base + offset, bytes.count - offset, &callbacks, event)
            }
            switch result.status {
            case CBOR_DECODER_FINISHED: break
            case CBOR_DECODER_NEDATA: throw .truncated
            default: throw .malformed(offset: offset)
            }
            guard let event, result.read > 0 else { throw .malformed(offset: offset) }
            try take(event, offset, bytes.count - offset)
            offset += result.read
        }
        guard offset == bytes.count else { throw .trailingBytes(offset: offset) }
        guard let root else { throw .truncated }
        return root
    }

    private mutating func take(_ event: CBOREvent, _ offset: Int, _ bytesLeft: Int) throws(CBORError) {
        itemCount += 1
        guard itemCount <= limits.items else { throw .tooManyItems(limit: limits.items) }
        switch event {
        case .value(let value): try add(value, offset)
        case .text(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(offset: offset) }
            try add(.text(text), offset)
        case .bytes(let bytes): try add(.bytes(Array(bytes)), offset)
        case .textStart: try open(.text, nil, offset)
        case .bytesStart: try open(.bytes, nil, offset)
        case .tag(let tag): try open(.tag(tag), 1, offset)
        case .array(let count): try open(.array, try checked(count, bytesLeft), offset)
        case .map(let count): try open(.map, try checked(count, bytesLeft).map { $0 * 2 }, offset)
        case .end:
            guard let frame = frames.last, frame.left == nil else { throw .strayBreak(offset: offset) }
            if case .map = frame.container, frame.items.count % 2 != 0 { throw .strayBreak(offset: offset) }
            frames.removeLast()
            try add(close(frame), offset)
        }
    }

    /// Every item takes a byte at least, so a length that cannot be there is known at once.
    private func checked(_ count: Int?, _ bytesLeft: Int) throws(CBORError) -> Int? {
        guard let count else { return nil }
        guard count <= limits.items - itemCount else { throw .tooManyItems(limit: limits.items) }
        guard count <= bytesLeft else { throw .truncated }
        return count
    }

    private mutating func open(_ container: Container, _ count: Int?, _ offset: Int) throws(CBORError) {
        guard frames.count < limits.depth else { throw .tooDeep(limit: limits.depth) }
        // The chunks of a text are texts of definite length, those of a string strings.
        if case .text? = frames.last?.container { throw .malformed(offset: offset) }
        if case .bytes? = frames.last?.container { throw .malformed(offset: offset) }
        let frame = Frame(container: container, left: count)
        if count == 0 { try add(close(frame), offset) } else { frames.append(frame) }
    }

    /// Adds an item to what is open, and closes what it completes.
    private mutating func add(_ item: CBORValue, _ offset: Int) throws(CBORError) {
        var item = item
        while let top = frames.indices.last {
            switch (frames[top].container, item) {
            case (.text, .text), (.bytes, .bytes), (.array, _), (.map, _), (.tag, _): break
            case (.text, _), (.bytes, _): throw .malformed(offset: offset)
            }
            frames[top].items.append(item)
            guard let left = frames[top].left else { return }
            frames[top].left = left - 1
            guard left == 1 else { return }
            item = close(frames.removeLast())
        }
        root = item
    }

    private func close(_ frame: Frame) -> CBORValue {
        switch frame.container {
        case .array: .array(frame.items)
        case .map:
            .map(
                stride(from: 0, to: frame.items.count, by: 2).map {
                    CBORPair(key: frame.items[$0], value: frame.items[$0 + 1])
                }
            )
        case .tag(let tag): .tagged(tag, frame.items.first ?? .undefined)
        case .text:
            .text(
                frame.items.reduce(into: "") { text, part in if case .text(let more) = part { text += more } }
            )
        case .bytes:
            .bytes(
                frame.items.reduce(into: []) { bytes, part in
                    if case .bytes(let more) = part { bytes += more }
                }
            )
        }
    }
}

// MARK: - Callbacks

/// Leaves an event where the context points to.
private func leave(_ event: CBOREvent, at context: UnsafeMutableRawPointer?) {
    context?.assumingMemoryBound(to: CBOREvent?.self).pointee = event
}

/// Swift sees `size_t` as signed.
private func length(_ count: Int) -> Int { Int(clamping: UInt(bitPattern: count)) }

private func cborCallbacks() -> cbor_callbacks {
    var callbacks = cbor_empty_callbacks
    callbacks.uint8 = { leave(.value(.unsigned(UInt64($1))), at: $0) }
    callbacks.uint16 = { leave(.value(.unsigned(UInt64($1))), at: $0) }
    callbacks.uint32 = { leave(.value(.unsigned(UInt64($1))), at: $0) }
    callbacks.uint64 = { leave(.value(.unsigned($1)), at: $0) }
    callbacks.negint8 = { leave(.value(.negative(UInt64($1))), at: $0) }
    callbacks.negint16 = { leave(.value(.negative(UInt64($1))), at: $0) }
    callbacks.negint32 = { leave(.value(.negative(UInt64($1))), at: $0) }
    callbacks.negint64 = { leave(.value(.negative($1)), at: $0) }
    callbacks.byte_string = { leave(.bytes(UnsafeBufferPointer(start: $1, count: $2)), at: $0) }
    callbacks.byte_string_start = { leave(.bytesStart, at: $0) }
    callbacks.string = { leave(.text(UnsafeBufferPointer(start: $1, count: $2)), at: $0) }
    callbacks.string_start = { leave(.textStart, at: $0) }
    callbacks.array_start = { leave(.array(length($1)), at: $0) }
    callbacks.indef_array_start = { leave(.array(nil), at: $0) }
    callbacks.map_start = { leave(.map(length($1)), at: $0) }
    callbacks.indef_map_start = { leave(.map(nil), at: $0) }
    callbacks.tag = { leave(.tag($1), at: $0) }
    callbacks.float2 = { leave(.value(.float(Double($1))), at: $0) }
    callbacks.float4 = { leave(.value(.float(Double($1))), at: $0) }
    callbacks.float8 = { leave(.value(.float($1)), at: $0) }
    callbacks.undefined = { leave(.value(.undefined), at: $0) }
    callbacks.null = { leave(.value(.null), at: $0) }
    callbacks.boolean = { leave(.value(.bool($1)), at: $0) }
    callbacks.indef_break = { leave(.end, at: $0) }
    return callbacks
}
