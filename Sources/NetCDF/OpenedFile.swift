import Foundation

/// A file open for reads at any place, from any thread. Closed when the last owner lets go.
final class OpenedFile: Sendable {
    let path: String
    let byteCount: Int
    private let descriptor: Int32

    init(_ path: String) throws(NetCDFError) {
        byteCount = try regularFileSize(path)
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw NetCDFError(.inputOutput(String(cString: strerror(errno))), path: path)
        }
        self.path = path
    }

    deinit { close(descriptor) }

    /// Fills `bytes` from `offset` on.
    ///
    /// - Throws: kind `damaged` when the file ends before, `inputOutput` when the disk refuses.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int, of variable: String)
        throws(NetCDFError)
    {
        guard holds(bytes.count, at: offset) else {
            throw NetCDFError(.damaged, path: path, variable: variable)
        }
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let count = pread(descriptor, base + done, bytes.count - done, offset + done)
            if count > 0 {
                done += count
            } else if count == 0 {
                throw NetCDFError(.damaged, path: path, variable: variable)
            } else if errno != EINTR {
                let reason = String(cString: strerror(errno))
                throw NetCDFError(.inputOutput(reason), path: path, variable: variable)
            }
        }
    }

    /// Whether the file is long enough, for numbers that it states itself.
    func holds(_ count: Int, at offset: Int) -> Bool {
        offset >= 0 && count >= 0 && offset <= byteCount && count <= byteCount - offset
    }
}
