import Foundation
import Geo
import Inventory
import NetCDF
import Quantities

extension RawFlux {
    /// The declared total beside the sum over the cells, from the axes as they stand, so that a file whose axes
    /// form no grid can be judged too. Nil where nothing is declared.
    var totals: TotalsCheck? {
        guard let declaredTonnes, let period = periods.first, let values = layers.first else { return nil }
        var sum = 0.0
        for (row, area) in cellAreas.enumerated() {
            let toMicroMoles = unit.microMolesFactor(
                gas,
                cellArea: area,
                period: period,
                carbon: options.carbon
            )
            guard let toMicroMoles else { return nil }
            let factor = toMicroMoles * 1e-12 * gas.molarMassGramsPerMole * area * period.seconds
            for index in (row * longitudes.count)..<((row + 1) * longitudes.count) where !values[index].isNaN
            {
                sum += values[index] * factor
            }
        }
        return TotalsCheck(declaredTonnes: declaredTonnes, computedTonnes: sum)
    }

    /// m2 for each row of the file; spacing from the ends of the axes.
    private var cellAreas: [Double] {
        let radians = Double.pi / 180
        let width = abs(spacing(longitudes)) * radians
        let half = abs(spacing(latitudes)) / 2
        let square = options.earthRadiusMetres * options.earthRadiusMetres
        return latitudes.map { latitude in
            let north = sin(min(90, latitude + half) * radians)
            let south = sin(max(-90, latitude - half) * radians)
            return square * width * (north - south)
        }
    }

    private func spacing(_ axis: [Double]) -> Double {
        guard let first = axis.first, let last = axis.last, axis.count > 1 else { return 0 }
        return (last - first) / Double(axis.count - 1)
    }

    /// The product on a grid in our order and unit.
    ///
    /// - Throws: ``NetCDFError`` that tells the axes and the totals when the axes form no grid.
    func product() throws(NetCDFError) -> FluxProduct { try markingMissing().arranged() }

    private func arranged() throws(NetCDFError) -> FluxProduct {
        guard let arrangement = GridArrangement(latitudes: latitudes, longitudes: longitudes) else {
            throw NetCDFError(.unexpected(notAGrid), path: path, variable: variable)
        }
        var fields: [FluxField] = []
        for (values, period) in zip(layers, periods) {
            fields.append(try field(arrangement, values, period))
        }
        let missing = layers.reduce(0) { $0 + $1.count { $0.isNaN } }
        return FluxProduct(
            layout: layout,
            fields: fields,
            totals: totals,
            missingCells: missing,
            blankCells: missing > 0 ? layers.map { blankCells(arrangement, $0) } : [],
            conversion: record
        )
    }

    private func blankCells(_ arrangement: GridArrangement, _ values: [Double]) -> [Int] {
        arrangement.arrange(values).enumerated().compactMap { $1.isNaN ? $0 : nil }
    }

    private var record: FluxConversion {
        var record = conversion
        record.carbonRatio = unit.countsCarbon ? options.carbon : nil
        record.earthRadiusMetres = options.earthRadiusMetres
        return record
    }

    /// A flux per area is one over the cells of its maker: on another sphere the amount in a cell is kept.
    private var sphereFactor: Double {
        let ratio = options.earthRadiusMetres / Earth.authalicRadiusMetres
        return unit.isPerCell ? 1 : ratio * ratio
    }

    private func field(
        _ arrangement: GridArrangement,
        _ values: [Double],
        _ period: Period
    ) throws(NetCDFError) -> FluxField {
        let grid = arrangement.grid
        var flux = arrangement.arrange(values)
        for row in 0..<grid.rows {
            let area = grid.cellAreaSquareMetres(row: row)
            guard
                let toMicroMoles = unit.microMolesFactor(
                    gas,
                    cellArea: area,
                    period: period,
                    carbon: options.carbon
                )
            else {
                throw NetCDFError(
                    .unexpected("\(gas.formula) holds no carbon"),
                    path: path,
                    variable: variable
                )
            }
            let factor = toMicroMoles * sphereFactor
            for index in (row * grid.columns)..<((row + 1) * grid.columns) {
                flux[index] = flux[index].isNaN ? 0 : flux[index] * factor
            }
        }
        if let bad = flux.firstIndex(where: { !$0.isFinite }) {
            let place = "row \(bad / grid.columns), column \(bad % grid.columns)"
            throw NetCDFError(.unexpected("flux is infinite at \(place)"), path: path, variable: variable)
        }
        return FluxField(
            grid: grid,
            gas: gas,
            microMolesPerSquareMetreSecond: flux,
            period: period,
            source: source
        )
    }

    private var notAGrid: String {
        let steps = String(format: "%.4g x %.4g degrees", spacing(latitudes), spacing(longitudes))
        var text = "\(latitudes.count) x \(longitudes.count) cells of \(steps) do not tile the globe"
        if let totals {
            text += String(
                format: "; they sum to %.5g t and the file declares %.5g t",
                totals.computedTonnes,
                totals.declaredTonnes
            )
        }
        return text
    }
}
