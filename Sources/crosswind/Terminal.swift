import Foundation
import Quantities

/// The two streams of the process. Results go to standard output, everything else to standard error.
enum Terminal {
    enum Stream {
        case standardOutput
        case standardError
    }

    /// Writes a line.
    ///
    /// - Throws: ``OutputError`` when standard output cannot take it: a result that did not get out must not
    ///   look like success. What standard error cannot take is lost, as there is nowhere left to say so.
    static func write(_ text: String, to stream: Stream) throws {
        let line = Data((text + "\n").utf8)
        switch stream {
        case .standardError: note(line)
        case .standardOutput:
            do { try FileHandle.standardOutput.write(contentsOf: line) } catch { try judge(error) }
        }
    }

    /// Names and notes come from people and files: on a terminal they are one line without control characters, and
    /// without those that turn the direction of what follows.
    static func plain(_ text: String) -> String {
        let turns: [ClosedRange<UInt32>] = [0x202A...0x202E, 0x2066...0x2069]
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            let turnsText = turns.contains { $0.contains(scalar.value) }
            return turnsText || scalar.properties.generalCategory == .control ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Writes a line to standard error.
    static func note(_ text: String) { note(Data((text + "\n").utf8)) }

    private static func note(_ line: Data) { try? FileHandle.standardError.write(contentsOf: line) }

    /// A closed pipe is the reader's choice; any other failure of standard output is ours to tell.
    static func judge(_ error: any Error) throws {
        let error = error as NSError
        let cause = (error.userInfo[NSUnderlyingErrorKey] as? NSError) ?? error
        guard cause.code != Int(EPIPE) else { return }
        throw OutputError(path: "standard output", reason: cause.localizedDescription)
    }
}

/// A result that cannot be written.
struct OutputError: Fault {
    let path: String
    let reason: String
    var exitStatus: ExitStatus { .inputOutput }
    var what: String { "cannot write (\(reason))" }
    var place: String { path }
    var remedy: String { "check the folder, space and permissions" }
}
