import Formats
import Foundation

/// Files that were named, each once: a pattern of the shell and a name beside it often meet.
struct DistinctFiles {
    let files: [String]
    /// Names of those that were named again.
    let again: [String]

    init(_ named: [String]) {
        var seen: Set<String> = []
        var again: [String] = []
        var files: [String] = []
        for file in named {
            let place = URL(filePath: file).resolvingSymlinksInPath().standardizedFileURL.path
            if seen.insert(place).inserted { files.append(file) } else { again.append(file) }
        }
        self.files = files
        self.again = again.map(FileProvenance.Input.name)
    }

    var warnings: [String] { again.map { "\($0) was named more than once and is read once" } }
}
