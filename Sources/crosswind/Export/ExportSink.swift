import Foundation
import Quantities

/// A file being written beside its final place, or standard output.
final class ExportSink {
    private let output: String?
    private let partial: String?
    private let handle: FileHandle
    private var buffer = Data()

    /// - Parameter inputs: what is read; it is never replaced by the output.
    init(output: String?, inputs: [String]) throws {
        guard let output else {
            self.output = nil
            partial = nil
            handle = .standardOutput
            return
        }
        let target = try OutputPath(output, inputs: inputs).path
        self.output = target
        let path = target + ".partial-\(ProcessInfo.processInfo.processIdentifier)"
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw OutputError(path: output, reason: String(cString: strerror(errno))) }
        partial = path
        self.handle = handle
    }

    deinit {
        if let partial { try? FileManager.default.removeItem(atPath: partial) }
    }

    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 20 { try flush() }
    }

    func finish() throws {
        try flush()
        guard let output, let partial else { return }
        try? handle.synchronize()
        guard rename(partial, output) == 0 else {
            throw OutputError(path: output, reason: String(cString: strerror(errno)))
        }
    }

    private func flush() throws {
        defer { buffer.removeAll(keepingCapacity: true) }
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            guard let output else { return try Terminal.judge(error) }
            throw OutputError(path: output, reason: (error as NSError).localizedDescription)
        }
    }
}
