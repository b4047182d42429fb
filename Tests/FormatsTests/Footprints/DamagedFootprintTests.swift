import Formats
import Foundation
import Geo
import NetCDF
import Quantities
import TestSupport
import Testing
import Transport

/// Files that are whole for the library and wrong in their content. Each is read or refused with a line; none ends the
/// program.
///
/// `CROSSWIND_DAMAGED_FILES` sets how many copies are tried of each original.
@Suite struct DamagedFootprintTests {
    static let copies =
        ProcessInfo.processInfo.environment["CROSSWIND_DAMAGED_FILES"].flatMap { Int($0) } ?? 6

    /// Everything of a file without groups.
    struct Content: Sendable {
        var dimensions: [(String, Int)] = []
        var variables: [FootprintLayouts.Variable] = []
        var texts: [(name: String, dimensions: [String], values: [String])] = []
        var attributes: [(String, NetCDFAttribute)] = []
    }

    @NetCDFThread
    private func content(_ path: String) throws -> Content {
        let file = try NetCDFFile(reading: path)
        var content = Content()
        func attributes(_ variable: String?) throws -> [(String, NetCDFAttribute)] {
            try file.attributeNames(of: variable).compactMap { name in
                if let text = file.text(name, of: variable) { return (name, .text(text)) }
                let number = variable.map { file.number(name, of: $0) } ?? file.number(name)
                return name == "_FillValue" ? nil : number.map { (name, .double($0)) }
            }
        }
        content.attributes = try attributes(nil)
        for name in try file.variableNames() {
            let (names, shape) = (try file.dimensionNames(of: name), try file.shape(of: name))
            for (dimension, length) in zip(names, shape)
            where !content.dimensions.contains(where: { $0.0 == dimension }) {
                content.dimensions.append((dimension, length))
            }
            if file.isText(name) {
                let values = try file.texts(name)
                guard values.count == shape.reduce(1, *) else { continue }
                content.texts.append((name, names, values))
            } else {
                content.variables.append(
                    FootprintLayouts.Variable(
                        name: name,
                        type: .double,
                        dimensions: names,
                        values: try file.doubles(name),
                        attributes: try attributes(name)
                    )
                )
            }
        }
        return content
    }

    @NetCDFThread
    private func write(_ content: Content, to path: String) throws {
        var writer = try NetCDFWriter(replacing: path)
        for (name, value) in content.attributes where !name.hasPrefix("_") {
            try writer.setAttribute(name, value)
        }
        for (name, length) in content.dimensions { try writer.defineDimension(name, length: length) }
        for variable in content.variables {
            try writer.defineVariable(
                variable.name,
                // Kinds and counts are whole numbers, which damage keeps.
                ["layer_kind", "layer_count"].contains(variable.name) ? .int32 : .double,
                dimensions: variable.dimensions,
                attributes: variable.attributes.filter { !$0.0.hasPrefix("_") }
            )
        }
        for text in content.texts {
            try writer.defineVariable(text.name, .string, dimensions: text.dimensions, attributes: [])
        }
        for variable in content.variables { try writer.write(variable.values, to: variable.name) }
        for text in content.texts { try writer.write(text.values, to: text.name) }
        try writer.commit()
    }

    /// A wrong number or none in one place, or a thing less.
    private func damage(_ content: inout Content, _ generator: inout SeededGenerator) {
        let bad: [Double] = [.nan, .infinity, -.infinity, 1e300, -1e300, -1, 0, 1e9, 3e9, 1e18, -1e18, 0.5]
        let whole: [Double] = [-1, 0, 1, 3, 255, 1e9, 2e9, -2e9]
        let index = Int.random(in: 0..<content.variables.count, using: &generator)
        let isWhole = ["layer_kind", "layer_count"].contains(content.variables[index].name)
        let choices = isWhole ? whole : bad
        let value = choices[Int.random(in: 0..<choices.count, using: &generator)]
        let count = content.variables[index].values.count
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: content.variables.remove(at: index)
        case 1: content.variables[index].attributes.removeAll { _ in generator.uniform() < 0.5 }
        case 2: content.attributes.removeAll { _ in generator.uniform() < 0.3 }
        case 3: content.variables[index] = content.variables[index].filled(with: value)
        case 4:
            let place = content.variables[index].attributes.indices.randomElement(using: &generator)
            if let place { content.variables[index].attributes[place].1 = .double(isWhole ? 1e300 : value) }
        case 5:
            let place = content.attributes.indices.randomElement(using: &generator)
            if let place { content.attributes[place].1 = .text("\(value)") }
        default:
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<count, using: &generator)
                content.variables[index] = content.variables[index].replacing(place, with: value)
            }
        }
    }

    /// Reads all there is; true when it was refused.
    @NetCDFThread
    static func isRefused(_ path: String) -> Bool {
        do {
            _ = try FootprintInspection.inspect(path).lines
            let file = try FootprintFile(path)
            for index in 0..<file.count { _ = try? file.footprint(at: index, resolved: false) }
            return false
        } catch {
            #expect(!error.line.isEmpty)
            return true
        }
    }

    private func originals(in folder: TemporaryFolder) async throws -> [String] {
        var paths = [
            "name/RGL-90magl_UKV_co2_TEST_201401.nc", "name/footprint_test.nc",
            "name/MHD-10magl_NAME_UKV_TEST_inert_PARIS-format_201301.nc", "stilt-matimba/point_foot.nc",
            "stilt-parity/201507050000_-111.85_40.77_5_foot.nc",
        ].compactMap(FootprintData.path)
        for storage in [FootprintFileOptions.Storage.sparse, .dense] {
            let path = folder.file("\(storage.rawValue).nc").path
            try await Task { @NetCDFThread in
                var options = FootprintFileOptions()
                options.storage = storage
                let boundary = try FootprintExamples.boundary(seed: 1)
                let footprints = FootprintExamples.hourly(seed: 1)
                let source = FootprintSource(
                    grid: FootprintExamples.grid,
                    count: 3,
                    footprint: { footprints[$0] },
                    boundary: { _ in boundary }
                )
                let provenance = FootprintExamples.provenance
                try FootprintWriter.write(source, to: path, options: options, provenance: provenance)
            }.value
            paths.append(path)
        }
        return paths
    }

    @Test func wrongContentIsReadOrRefused() async throws {
        let folder = try TemporaryFolder()
        var refused = 0
        var tried = 0
        for original in try await originals(in: folder) {
            let content = try await content(original)
            // A large file takes long to write again.
            guard content.variables.reduce(0, { $0 + $1.values.count }) < 1 << 19 else { continue }
            for seed in 0..<Self.copies {
                var generator = SeededGenerator(seed: UInt64(seed))
                var copy = content
                damage(&copy, &generator)
                let path = folder.file("202403011200_1_2_3_foot.nc").path
                try await write(copy, to: path)
                refused += await Self.isRefused(path) ? 1 : 0
                tried += 1
            }
        }
        #expect(refused > 0 && refused < tried)
        if ProcessInfo.processInfo.environment["CROSSWIND_MEASURE"] != nil {
            print("wrong content: \(refused) of \(tried) refused")
        }
    }
}

extension FootprintLayouts.Variable {
    fileprivate func filled(with value: Double) -> Self { copy(values.map { _ in value }) }

    fileprivate func replacing(_ index: Int, with value: Double) -> Self {
        var values = values
        values[index] = value
        return copy(values)
    }

    private func copy(_ values: [Double]) -> Self {
        Self(name: name, type: type, dimensions: dimensions, values: values, attributes: attributes)
    }
}
