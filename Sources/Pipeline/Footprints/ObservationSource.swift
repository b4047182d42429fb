import Formats
import Foundation
import Geo
import NetCDF
import Observations
import Quantities

/// Where the observations of a problem of footprints come from.
public enum ObservationSource: Sendable {
    /// A table (``ReceptorObservationTable``).
    case table(String)
    /// Readings of a store, averaged over the time of each footprint.
    case store(StoreObservations)
    /// A satellite product whose soundings have footprints named `product-id`.
    case soundings(String)
    /// Observations at hand.
    case given([FootprintObservation])

    /// What kind of file it is, by its first bytes.
    ///
    /// - Parameter store: what a store is read with; nil where no network is known.
    /// - Throws: ``FootprintProblemError/noStations(file:)`` for a store without networks.
    public static func of(
        _ path: String,
        store: (String) throws -> StoreObservations?
    ) throws -> ObservationSource {
        let head = FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: 16) } ?? Data()
        if head.starts(with: Data("SQLite format 3".utf8)) {
            guard let found = try store(path) else { throw FootprintProblemError.noStations(file: path) }
            return .store(found)
        }
        let isNetCDF =
            head.starts(with: Data([0x89, 0x48, 0x44, 0x46])) || head.starts(with: Data("CDF".utf8))
        return isNetCDF ? .soundings(path) : .table(path)
    }

    /// Nil for observations at hand.
    public var path: String? {
        switch self {
        case .table(let path), .soundings(let path): path
        case .store(let store): store.store
        case .given: nil
        }
    }

    /// - Returns: observations, and how many the source has besides that hold no value.
    func read(_ gas: Gas, for receptors: [FootprintReceptor]) async throws -> (
        observations: [FootprintObservation], withoutValue: Int
    ) {
        switch self {
        case .table(let path):
            let content = try ReceptorObservationTable.read(path)
            return (content.observations.map(FootprintObservation.init), content.withoutValue)
        case .store(let store): return (try await store.read(gas, for: receptors), 0)
        case .soundings(let path): return (try await SoundingObservations.read(path, gas), 0)
        case .given(let observations): return (observations, 0)
        }
    }
}

/// Soundings as observations of columns.
enum SoundingObservations {
    /// The prior of a sounding adds what its kernel does not see, ``ReceptorObservation/offset``; without a boundary
    /// the air before it met the fluxes is taken to be that of the prior too.
    ///
    /// - Throws: what ``SoundingFile`` throws; ``FootprintProblemError/gasesDiffer(_:file:)``.
    static func read(_ path: String, _ gas: Gas) async throws -> [FootprintObservation] {
        var options = SoundingOptions()
        options.fields = [.profiles, .identity]
        options.gas = gas
        let batch = try await SoundingFile.open(path, options: options).readAll()
        guard batch.gas == gas else {
            let text = "the soundings are of \(batch.gas.rawValue), the flux of \(gas.rawValue)"
            throw FootprintProblemError.gasesDiffer(text, file: path)
        }
        return (0..<batch.count).map { observation(batch, $0) }
    }

    static func observation(_ batch: SoundingBatch, _ index: Int) -> FootprintObservation {
        let id = index < batch.ids.count ? "\(batch.ids[index])" : "\(index + 1)"
        var measured = ReceptorObservation(
            name: "\(batch.gas.rawValue)-\(id)",
            time: batch.times[index],
            value: batch.columns[index],
            sigma: batch.uncertainties[index]
        )
        measured.group = batch.product
        measured.bias = batch.product
        measured.position = Position(longitude: batch.longitudes[index], latitude: batch.latitudes[index])
        let levels = (index * batch.levels)..<((index + 1) * batch.levels)
        var column: ColumnAir?
        if batch.levels > 0 {
            let (kernel, shares) = (
                Array(batch.averagingKernels[levels]), Array(batch.pressureWeights[levels])
            )
            let prior = Array(batch.priorProfiles[levels])
            let weights = zip(kernel, shares).map { $0 * $1 }
            measured.offset = zip(zip(kernel, shares), prior).reduce(0) { $0 + (1 - $1.0.0) * $1.0.1 * $1.1 }
            measured.background = zip(weights, prior).reduce(0) { $0 + $1.0 * $1.1 }
            column = ColumnAir(weights: weights, moleFractions: prior)
        } else if index < batch.priorColumns.count {
            measured.background = batch.priorColumns[index]
        }
        var observation = FootprintObservation(measured)
        observation.column = column
        observation.scale = batch.scale
        observation.source = LocalizedName(english: batch.product)
        return observation
    }
}
