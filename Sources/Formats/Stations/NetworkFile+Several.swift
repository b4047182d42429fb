import Foundation
import Observations

extension NetworkFile {
    /// Reads the network files of one command.
    /// - Throws: ``ConfigurationError`` as for each of them, and when a file or a network is given twice.
    public static func read(paths: [String]) throws(ConfigurationError) -> [NetworkFile] {
        var files: [NetworkFile] = []
        for path in paths {
            if let earlier = files.first(where: { realPath($0.path) == realPath(path) }) {
                let name = earlier.path == path ? "" : ", first as `\(earlier.path)`,"
                throw ConfigurationError(.givenTwice("the network file\(name)"), file: path, path: "")
            }
            let file = try NetworkFile(path: path)
            if let other = files.first(where: { $0.network.id == file.network.id }) {
                let what = "the network `\(file.network.id)`, first by `\(other.path)`,"
                throw ConfigurationError(.givenTwice(what), file: path, path: "id")
            }
            files.append(file)
        }
        return files
    }

    private static func realPath(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
