import NetCDF
import Quantities
import Transport

/// Reads fields of some times from one file.
struct ERA5Reader: Sendable {
    let description: ERA5File
    let subset: GridSubset
    /// Numbers of the file's levels from the ground upward.
    let order: [Int]

    /// Of geopotential heights, which are brought to geopotentials.
    private static let heightUnits = ["m", "gpm", "metres", "meters"]

    /// Numbers of a variable at one time.
    func size(_ key: String) -> Int {
        let isOnLevels = description.variables[key]?.isOnLevels ?? false
        return (isOnLevels ? order.count : 1) * subset.rows.count * subset.columnCount
    }

    /// Fields of all variables, time outermost; those of a variable that has no time come once.
    @NetCDFThread
    func read(_ keys: [String], times: Range<Int>) throws(MeteorologyError) -> [String: [Float]] {
        do throws(NetCDFError) {
            let file = try NetCDFFile(reading: description.path)
            var fields: [String: [Float]] = [:]
            for key in keys {
                guard let layout = description.variables[key] else { continue }
                var values = try field(layout, times, file)
                if key.hasSuffix(".z"), Self.heightUnits.contains(layout.units) {
                    for index in values.indices { values[index] *= Float(MoistAir.gravity) }
                }
                fields[key] = values
            }
            return fields
        } catch { throw .netCDF(error) }
    }

    @NetCDFThread
    private func field(
        _ layout: ERA5File.Layout,
        _ times: Range<Int>,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [Float] {
        let versions = zip(layout.roles, layout.shape).first { $0.0 == .version }?.1 ?? 1
        var values: [Float] = []
        for version in 0..<max(versions, 1) {
            let part = try field(layout, times, version, file)
            if values.isEmpty {
                values = part
            } else {
                // What the final product lacks the preliminary one has.
                for index in values.indices where values[index].isNaN { values[index] = part[index] }
            }
        }
        return values
    }

    @NetCDFThread
    private func field(
        _ layout: ERA5File.Layout,
        _ times: Range<Int>,
        _ version: Int,
        _ file: borrowing NetCDFFile
    ) throws(NetCDFError) -> [Float] {
        let (rows, width) = (subset.rows.count, subset.columnCount)
        let depth = layout.isOnLevels ? order.count : 1
        let count = layout.roles.contains(.time) ? times.count : 1
        var field = [Float](repeating: .nan, count: count * depth * rows * width)
        var left = 0
        for columns in subset.columns {
            let block = self.block(layout, times, version, columns)
            let values = try file.doubles(layout.name, start: block.start, shape: block.shape)
            for layer in 0..<(count * depth) {
                let (time, level) = (layer / depth, layer % depth)
                let source = time * depth + (layout.isOnLevels ? order[level] : 0)
                for row in 0..<rows {
                    let stored = description.runsSouth ? rows - 1 - row : row
                    let from = (source * rows + stored) * columns.count
                    let to = (layer * rows + row) * width + left
                    for column in 0..<columns.count { field[to + column] = Float(values[from + column]) }
                }
            }
            left += columns.count
        }
        return field
    }

    private func block(
        _ layout: ERA5File.Layout,
        _ times: Range<Int>,
        _ version: Int,
        _ columns: Range<Int>
    ) -> (start: [Int], shape: [Int]) {
        let rows = subset.rows
        let bottom = rows.lowerBound + description.rowsBelow
        let top = description.runsSouth ? description.fileRows - bottom - rows.count : bottom
        var (start, shape) = ([Int](), [Int]())
        for (role, length) in zip(layout.roles, layout.shape) {
            let part: Range<Int> =
                switch role {
                case .time: times
                case .level: 0..<length
                case .row: top..<(top + rows.count)
                case .column: columns
                case .version: version..<(version + 1)
                case .member: 0..<1
                }
            start.append(part.lowerBound)
            shape.append(part.count)
        }
        return (start, shape)
    }
}
