import Geo
import Inversion
import LinearAlgebra
import NetCDF

extension PlacedElements {
    /// The covariance of elements on a regular grid of longitude and latitude, times and sectors, as a product that is
    /// never formed; the same as ``covariance(_:sigma:)`` to rounding. Elements without a place are independent.
    ///
    /// - Throws: ``NetCDFError`` where places are not those of a grid, stand apart, or are of several kinds.
    func product(
        _ model: StateCorrelation,
        sigma: [Double],
        path: String
    ) throws(NetCDFError) -> any PriorCovariance {
        func fault(_ reason: String, _ variable: String) -> NetCDFError {
            NetCDFError(.unexpected(reason), path: path, variable: variable)
        }
        let placed = try oneBlock(fault)
        let points = placed.compactMap { places[$0] }
        guard let columns = RegularPlaces(points.map(\.longitude)) else {
            throw fault("places are on no regular grid", "state_longitude")
        }
        guard let rows = RegularPlaces(points.map(\.latitude)) else {
            throw fault("places are on no regular grid", "state_latitude")
        }
        let times = Array(Set(placed.map { days[$0] })).sorted()
        let names = Array(Set(placed.map { sectors[$0] })).sorted()
        let (timePlaces, sectorPlaces) = (Self.places(times), Self.places(names))
        let members = zip(placed, points).map { index, point in
            let time = timePlaces[days[index]] ?? 0
            let block = time * names.count + (sectorPlaces[sectors[index]] ?? 0)
            return (block * rows.count + rows.index(point.latitude)) * columns.count
                + columns.index(point.longitude)
        }
        do {
            let grid = try IsotropicGridCorrelation(
                rows: rows.count,
                columns: columns.count,
                rowStep: rows.step * latitudeKilometres,
                columnStep: columns.step * longitudeKilometres,
                kernel: model.kernel
            )
            let product = try ProductCorrelation([
                Self.times(times, model), Self.sectors(names.count, model), grid,
            ])
            let isWhole = members == Array(0..<product.count)
            let correlation: any CorrelationFactor =
                isWhole ? product : try SelectedCorrelation(product, members: members)
            let blocks = try Self.blocks(placed, classed(correlation, placed, model), sigma)
            return blocks.count == 1 ? blocks[0] : try BlockCovariance(blocks)
        } catch {
            throw fault("\(error.what): \(error.place)", "prior_sigma:correlation_length_km")
        }
    }

    /// The elements that have a place.
    private func oneBlock(
        _ fault: (String, String) -> NetCDFError
    ) throws(NetCDFError) -> Range<Int> {
        let placed = places.indices.filter { places[$0] != nil }
        guard let first = placed.first, let last = placed.last else {
            throw fault("no element has a place", "state_longitude")
        }
        guard placed.count == last - first + 1 else {
            throw fault("elements with a place do not stand together", "state_longitude")
        }
        if let other = placed.first(where: { kinds[$0] != kinds[first] }) {
            throw fault("elements with a place are of several kinds", "state_kind[\(other)]")
        }
        return first..<(last + 1)
    }

    /// With the part of it that is left between classes; the same where there is one class.
    private func classed(
        _ correlation: any CorrelationFactor,
        _ placed: Range<Int>,
        _ model: StateCorrelation
    ) throws(InversionError) -> any CorrelationFactor {
        let numbers = Self.places(Array(Set(classes[placed])).sorted())
        guard numbers.count > 1, model.betweenClasses < 1 else { return correlation }
        return try MaskedCorrelation(
            correlation,
            classes: placed.map { numbers[classes[$0]] ?? 0 },
            between: model.betweenClasses
        )
    }

    /// Independent before and behind those on the grid.
    private static func blocks(
        _ placed: Range<Int>,
        _ correlation: any CorrelationFactor,
        _ sigma: [Double]
    ) throws(InversionError) -> [any PriorCovariance] {
        var blocks: [any PriorCovariance] = []
        if placed.lowerBound > 0 {
            blocks.append(try ScaledCovariance(independent: Array(sigma[..<placed.lowerBound])))
        }
        blocks.append(try ScaledCovariance(sigma: Array(sigma[placed]), correlation: correlation))
        if placed.upperBound < sigma.count {
            blocks.append(try ScaledCovariance(independent: Array(sigma[placed.upperBound...])))
        }
        return blocks
    }

    private static func times(
        _ days: [Double],
        _ model: StateCorrelation
    ) throws(InversionError) -> any CorrelationFactor {
        guard let length = model.days, days.count > 1 else {
            return try IndependentCorrelation(count: days.count)
        }
        return try ExponentialAxis(coordinates: days, length: length)
    }

    private static func sectors(
        _ count: Int,
        _ model: StateCorrelation
    ) throws(InversionError) -> any CorrelationFactor {
        guard model.betweenSectors > 0, count > 1 else { return try IndependentCorrelation(count: count) }
        var matrix = Matrix(rows: count, columns: count)
        for row in 0..<count {
            for column in 0..<count { matrix[row, column] = row == column ? 1 : model.betweenSectors }
        }
        return try DenseCorrelation(matrix)
    }

    private static func places<Value: Hashable>(_ values: [Value]) -> [Value: Int] {
        Dictionary(zip(values, values.indices)) { first, _ in first }
    }
}
