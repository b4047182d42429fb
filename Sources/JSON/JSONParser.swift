import CSimdJSON
import Synchronization

/// Reads JSON documents (RFC 8259) with simdjson, one at a time, with memory that is used again.
///
/// The whole document is checked: encoding, grammar, strings (no lone surrogates, no bare control characters).
/// A number that no double holds, or that breaks the grammar, is marked as such and spoils nothing else; see
/// ``JSONElement/Kind/unreadableNumber``. A byte order mark before the document is passed over. Of a member that
/// is there twice both are kept; the subscript of ``JSONElement`` finds the first.
public final class JSONParser: Sendable {
    /// What a document may be; more is refused.
    public struct Limits: Equatable, Sendable {
        public var bytes: Int
        /// Values in all, arrays and objects included.
        public var values: Int
        /// Arrays and objects around a value.
        public var depth: Int

        public init(bytes: Int = 8 << 20, values: Int = 1 << 20, depth: Int = 64) {
            self.bytes = bytes
            self.values = values
            self.depth = depth
        }
    }

    private let handle: Mutex<ParserHandle>

    /// - Precondition: the limits are positive and below 2^31.
    public init(limits: Limits = Limits()) { handle = Mutex(ParserHandle(limits)) }

    /// Reads a document and lends its root to a closure.
    ///
    /// The elements, and all that comes from them without being copied, are valid only until the closure returns.
    /// The closure must not use the same parser: it would wait for itself.
    /// - Throws: ``JSONSyntaxError`` before the closure is called.
    public func read<Result>(
        _ document: RawSpan,
        _ body: (JSONElement) -> Result
    ) throws(JSONSyntaxError) -> Result {
        var result: Result?
        var failure: JSONSyntaxError?
        handle.withLock { handle in
            do throws(JSONSyntaxError) {
                result = body(try handle.parse(document))
            } catch {
                failure = error
            }
        }
        guard let result else { throw failure ?? JSONSyntaxError(.noMemory, position: nil) }
        return result
    }
}

/// The parser of the library; calls are made under a lock.
// The pointer makes it unsendable to the compiler. It is private, has one owner, and may change threads between
// calls: the library keeps nothing of a thread.
struct ParserHandle: ~Copyable, @unchecked Sendable {
    private let parser: OpaquePointer?

    init(_ limits: JSONParser.Limits) {
        precondition(limits.bytes > 0 && limits.values > 0 && limits.depth > 0, "limits must be positive")
        precondition(max(limits.bytes, limits.values, limits.depth) < 1 << 31, "limits are too large")
        parser = crosswind_json_parser_create(limits.bytes, UInt32(limits.values), UInt32(limits.depth))
    }

    deinit {
        if let parser { crosswind_json_parser_destroy(parser) }
    }

    mutating func parse(_ document: RawSpan) throws(JSONSyntaxError) -> JSONElement {
        guard let parser else { throw JSONSyntaxError(.noMemory, position: nil) }
        let result = document.withUnsafeBytes { bytes in
            crosswind_json_parse(parser, bytes.baseAddress, bytes.count)
        }
        guard let root = result.root else {
            throw JSONSyntaxError(
                .init(result.error),
                position: result.position >= 0 ? Int(result.position) : nil
            )
        }
        return JSONElement(root)
    }
}
