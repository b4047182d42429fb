import CPROJ

/// Owns a context of the library, which belongs to one thread at a time. Never asks the network for files of shifts,
/// whatever the environment says, and writes nothing to standard error.
struct ProjectionContext: ~Copyable {
    let pointer: OpaquePointer

    /// Nil without memory.
    init?() {
        guard let pointer = proj_context_create() else { return nil }
        proj_log_level(pointer, PJ_LOG_NONE)
        proj_context_set_enable_network(pointer, 0)
        self.pointer = pointer
    }

    deinit { proj_context_destroy(pointer) }

    /// Why the last call failed.
    var reason: String {
        let code = proj_context_errno(pointer)
        // A code of the library's own for "invalid"; its text says no more than that it is unknown.
        guard code != 0, code != 4096, let text = proj_context_errno_string(pointer, code) else {
            return "unknown"
        }
        return String(cString: text)
    }
}

/// Owns an object of the library; must not outlive its context.
struct ProjectionObject: ~Copyable {
    let pointer: OpaquePointer

    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    deinit { proj_destroy(pointer) }
}
