import Foundation

/// The two streams of the process. Results go to standard output, everything else to standard error.
enum Terminal {
    enum Stream {
        case standardOutput
        case standardError
    }

    static func write(_ text: String, to stream: Stream) {
        let handle: FileHandle =
            switch stream {
            case .standardOutput: .standardOutput
            case .standardError: .standardError
            }
        // A closed pipe is the reader's choice, not a failure of the run.
        try? handle.write(contentsOf: Data((text + "\n").utf8))
    }
}
