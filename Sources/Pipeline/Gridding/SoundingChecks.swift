import Formats
import Gridding
import Observations
import Quantities

/// What is looked at besides gridding while soundings go by: their own biases, and columns of the ground.
struct SoundingChecks: Sendable {
    let seeksBiases: Bool
    /// TCCON files.
    let groundFiles: [String]
    private(set) var biases: BiasSums?
    private(set) var comparisons: [ColumnComparison] = []

    init(seeksBiases: Bool, groundFiles: [String]) {
        self.seeksBiases = seeksBiases
        self.groundFiles = groundFiles
    }

    var isEmpty: Bool { !seeksBiases && groundFiles.isEmpty }

    /// Reads the ground's columns of the gas and on the scale of the soundings, once.
    mutating func prepare(_ product: SoundingProduct, _ path: String) async throws {
        if seeksBiases, biases == nil { biases = BiasSums(gas: product.gas) }
        guard comparisons.isEmpty, !groundFiles.isEmpty else { return }
        guard product.levels > 0 else {
            throw GriddingRunError.notCompared(
                FileProvenance.Input.name(ofFile: path),
                .noProfiles(product: product.name)
            )
        }
        for path in groundFiles {
            let scale = product.scale == .co2X2019 ? product.scale : .co2X2007
            let ground = try await TCCONFile.read(path, gas: product.gas, scale: scale).groundColumns()
            comparisons.append(ColumnComparison(ground))
        }
    }

    /// - Parameter excluded: identifiers that another file gave already.
    mutating func add(_ batch: SoundingBatch, excluding excluded: Set<UInt64>) throws {
        try biases?.add(batch, excluding: excluded)
        for index in comparisons.indices { try comparisons[index].add(batch, excluding: excluded) }
    }

    mutating func endFile() { biases?.finish() }

    var biasReport: BiasReport? { biases.map { BiasReport($0) } }
}
