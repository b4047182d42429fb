import Foundation
import Quantities

/// Unfinished outputs that a killed run left behind: `NAME.partial-PID` and `NAME.partial-PID-N` beside an output.
///
/// Results are written under such a name and renamed when whole. A run that ends in any way it knows of removes its
/// own; only `kill -9` or a loss of power leaves one, which the next run to the same output removes.
enum PartialFiles {
    /// Removes those of one output whose process is gone; others stay. Nothing but regular files with exactly such a
    /// name is touched, and what cannot be removed stays too.
    static func removeStale(of output: String) {
        let path = (try? OutputPath(output).path) ?? output
        let place = URL(filePath: path)
        let folder = place.deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names {
            guard let process = process(of: name, output: place.lastPathComponent), isGone(process) else {
                continue
            }
            let partial = folder.appending(path: name).path
            var status = stat()
            guard lstat(partial, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            unlink(partial)
        }
    }

    /// The process in the name of a partial file of that output; nil for other names.
    static func process(of name: String, output: String) -> pid_t? {
        let prefix = output + ".partial-"
        guard !output.isEmpty, name.hasPrefix(prefix) else { return nil }
        let numbers = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        let areNumbers = numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
        guard (1...2).contains(numbers.count), areNumbers, let process = pid_t(numbers[0]), process > 1 else {
            return nil
        }
        return process
    }

    /// A process that we may not signal is there.
    private static func isGone(_ process: pid_t) -> Bool { kill(process, 0) != 0 && errno == ESRCH }
}
