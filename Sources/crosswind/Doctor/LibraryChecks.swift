import CBOR
import Compression
import Digests
import GeoTIFF
import HTTPServer
import JSON
import LinearAlgebra
import MQTT
import NetCDF
import PROJ
import Quantities
import SQLite

/// Which libraries this program runs with, asked of the libraries themselves.
enum LibraryChecks {
    static func findings() async -> [Finding] {
        [
            .ok("crosswind", Version.current),
            versioned("netcdf", await NetCDFLibrary.version, atLeast: [4, 7]),
            versioned("hdf5", await NetCDFLibrary.versionOfHDF5, atLeast: [1, 10]),
            versioned("sqlite3", SQLiteLibrary.version, atLeast: [3, 35]),
            versioned("libmosquitto", MosquittoLibrary.version, atLeast: [2, 0]),
            versioned("libmicrohttpd", MicroHTTPDLibrary.version, atLeast: [0, 9, 71]),
            versioned("simdjson", SimdJSONLibrary.version, atLeast: [3, 0]),
            versioned("libcbor", CBORLibrary.version, atLeast: [0, 8]),
            versioned("zstd", ZstandardLibrary.version, atLeast: [1, 4]),
            versioned("libgeotiff", GeoTIFFLibrary.version, atLeast: [1, 7]),
            versioned("libtiff", GeoTIFFLibrary.tiffVersion, atLeast: [4, 5]),
            versioned("proj", PROJLibrary.version, atLeast: [9, 0]),
            versioned("openssl", OpenSSLLibrary.version, atLeast: [3, 0]),
            .ok("openblas", OpenBLASLibrary.version),
        ]
    }

    /// A library older than what Crosswind is tested with is a warning: it may well work.
    static func versioned(_ name: String, _ version: String, atLeast needed: [Int]) -> Finding {
        let parts = version.split(separator: ".").map { Int($0.prefix(while: \.isNumber)) ?? 0 }
        guard parts.lexicographicallyPrecedes(needed) else { return .ok(name, version) }
        let text = needed.map(String.init).joined(separator: ".")
        return .warn(name, "\(version), tested with \(text) and later", remedy: "update the package")
    }
}
