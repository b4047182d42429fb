import Digests
import Foundation
import Inventory
import Verification

/// A file that evidence is read from, with its digest.
struct EvidenceSource {
    let name: String
    let sha256: String

    init(file: String, bytes: [UInt8]) {
        name = URL(filePath: file).lastPathComponent
        var hash = SHA256()
        hash.update(bytes)
        sha256 = hash.hexDigest()
    }

    func origin(of row: TableRow) -> EvidenceOrigin {
        EvidenceOrigin(file: name, sha256: sha256, line: row.place.line ?? 0)
    }
}

extension ReviewAdvice.Circumstances {
    /// Columns a table may have beside the figures; a blank field is *not known*.
    static let columns = ["metered", "chi2_per_observation", "quality"]

    /// - Throws: ``TableError`` for a word that is none of those expected.
    init(_ row: TableRow) throws(TableError) {
        self.init(isMetered: try row.yesOrNo("metered") ?? false)
        if row.optionalText("chi2_per_observation") != nil {
            fit = try row.number("chi2_per_observation", in: 0...1e20, "a number that is not negative")
        }
        hasFailedChecks = try row.isGood() == false
    }
}

extension TableRow {
    func yesOrNo(_ column: String) throws(TableError) -> Bool? {
        switch optionalText(column)?.lowercased() {
        case nil: nil
        case "yes", "true", "1": true
        case "no", "false", "0": false
        default: throw bad(column, not: "yes or no")
        }
    }

    /// Of the column `quality`; nil where it is blank.
    func isGood() throws(TableError) -> Bool? {
        switch optionalText("quality")?.lowercased() {
        case nil: nil
        case "good": true
        case "suspect", "bad": false
        default: throw bad("quality", not: "good, suspect or bad")
        }
    }
}
