/// The layers, from the bottom up, and who may import what.
///
/// A module imports only layers below its own. Within foundation, domain and services it may import what
/// is named before it; drivers do not know each other. The domain does no input or output, so of the
/// drivers it sees only linear algebra.
enum Layers {
    struct Layer {
        let name: String
        let modules: [String]
    }

    static let all = [
        Layer(
            name: "C",
            modules: [
                "CNetCDF", "CHDF5", "CDeflate", "CSQLite", "CMosquitto", "COpenBLAS", "CMicroHTTPD",
                "CSimdJSON", "CCBOR",
                "CZstd", "COpenSSL", "CGeoTIFF", "CPROJ", "CInterop",
            ]
        ),
        Layer(name: "foundation", modules: ["Quantities", "Concurrent"]),
        Layer(
            name: "drivers",
            modules: [
                "LinearAlgebra", "NetCDF", "SQLite", "MQTT", "HTTPServer", "JSON", "CBOR", "CSV",
                "Compression", "Digests", "GeoTIFF", "PROJ",
            ]
        ),
        Layer(
            name: "domain",
            modules: [
                "Geo", "Observations", "Gridding", "Transport", "Inventory", "Inversion", "Tracing",
                "Verification",
            ]
        ),
        Layer(
            name: "services",
            modules: ["Archive", "Formats", "Ingest", "Report", "Pipeline", "Service"]
        ),
        Layer(name: "root", modules: ["crosswind"]),
    ]

    /// The one driver of each C library. CInterop holds what Swift cannot import for several of them.
    static let driverOfLibrary = [
        "CNetCDF": "NetCDF", "CHDF5": "NetCDF", "CDeflate": "NetCDF", "CSQLite": "SQLite",
        "CMosquitto": "MQTT",
        "COpenBLAS": "LinearAlgebra", "CMicroHTTPD": "HTTPServer",
        "CSimdJSON": "JSON", "CCBOR": "CBOR", "CZstd": "Compression", "COpenSSL": "Digests",
        "CGeoTIFF": "GeoTIFF", "CPROJ": "PROJ",
    ]

    /// What comes with the toolchain.
    static let toolchain: Set = [
        "Swift", "Foundation", "FoundationEssentials", "FoundationNetworking", "Glibc", "Dispatch",
        "Synchronization",
    ]

    static var domain: [String] { all[3].modules }

    static func position(of module: String) -> (layer: Int, place: Int)? {
        for (index, layer) in all.enumerated() {
            if let place = layer.modules.firstIndex(of: module) { return (index, place) }
        }
        return nil
    }

    /// Why `module` may not import `imported`; nil when it may.
    static func objection(to module: String, importing imported: String) -> String? {
        guard !toolchain.contains(imported) else { return nil }
        guard let own = position(of: module) else { return "\(module) has no place among the layers" }
        guard let other = position(of: imported) else { return "\(imported) has no place among the layers" }
        let layer = all[own.layer].name
        let otherLayer = all[other.layer].name
        if otherLayer == "C" {
            guard layer == "drivers" else { return "\(imported) is for drivers only" }
            let driver = driverOfLibrary[imported] ?? module
            return driver == module ? nil : "\(imported) belongs to the driver \(driver)"
        }
        if other.layer > own.layer { return "\(imported) (\(otherLayer)) stands above \(module) (\(layer))" }
        if other.layer == own.layer, layer == "drivers" || other.place >= own.place {
            return "\(imported) is not before \(module) in the layer \(layer)"
        }
        if layer == "domain", otherLayer == "drivers", imported != "LinearAlgebra" {
            return "the domain does no input or output, so \(module) may not see \(imported)"
        }
        return nil
    }
}

/// One `import` line.
struct ImportLine: Equatable {
    let module: String
    let line: Int
}

extension SwiftSource {
    /// Also scoped (`import struct A.B`), attributed and with an access level.
    func imports() -> [ImportLine] {
        code.enumerated().compactMap { index, text in
            guard text.contains("import") else { return nil }
            let pattern =
                #/
                ^\s* (?:@\w+\s+)* (?:(?:public|package|internal|fileprivate|private)\s+)?
                import \s+ (?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)? (\w+)
                /#
            return text.firstMatch(of: pattern).map { ImportLine(module: String($0.1), line: index + 1) }
        }
    }
}
