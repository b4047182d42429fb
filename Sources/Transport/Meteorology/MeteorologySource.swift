public import Geo
public import Quantities

/// Meteorology that is read hour by hour: its grid and times are known before any field is.
public protocol MeteorologySource: Sendable {
    /// Values stand at the centres of its cells.
    var grid: CellGrid { get }
    /// Ascending.
    var times: [Instant] { get }
    /// Files and products, for the lineage of a result.
    var sources: [String] { get }
    /// The usual step between times, of all that the files hold; nil where they hold one time.
    var stepSeconds: Double? { get }
    /// Times that are not offered, and what they lack.
    var incompleteTimes: [Instant: String] { get }
    /// The state of the air at ``times``[index], on the cells of ``grid``.
    ///
    /// - Precondition: the index is one of ``times``.
    func hour(at index: Int) async throws -> MeteorologyHour
}

extension MeteorologySource {
    public var incompleteTimes: [Instant: String] { [:] }

    /// Reads all hours.
    public func read() async throws -> Meteorology {
        var hours: [MeteorologyHour] = []
        for index in times.indices { hours.append(try await hour(at: index)) }
        return Meteorology(grid: grid, hours: hours, sources: sources)
    }

    /// See ``Meteorology/requireCoverage(of:stepSeconds:)``; nothing needs to be read for it.
    public func requireCoverage(of period: Period) throws(MeteorologyGap) {
        do {
            try MeteorologyGap.require(period, in: times, stepSeconds: stepSeconds, sources: sources)
        } catch {
            throw error.explained(by: incompleteTimes)
        }
    }
}

extension Meteorology {
    /// Refuses a period that the hours do not span without a gap.
    ///
    /// - Parameter stepSeconds: longest step between two times that is no gap; the usual step of the times where nil.
    /// - Throws: ``MeteorologyGap`` with the first missing time.
    public func requireCoverage(of period: Period, stepSeconds: Double? = nil) throws(MeteorologyGap) {
        try MeteorologyGap.require(period, in: times, stepSeconds: stepSeconds, sources: sources)
    }
}
