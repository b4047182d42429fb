// swift-tools-version: 6.2
import PackageDescription

// Five layers; a module imports only what stands below it. Tests/SourceTreeTests enforces the order.

/// `CROSSWIND_FUZZ=address` builds everything for libFuzzer with that sanitizer, and the program that `deploy/fuzz`
/// runs; `CROSSWIND_FUZZ=fast` without, for many inputs.
let fuzzingKind = Context.environment["CROSSWIND_FUZZ"]
let isFuzzing = fuzzingKind == "address" || fuzzingKind == "fast"
let sanitizers = fuzzingKind == "fast" ? "-sanitize=fuzzer" : "-sanitize=fuzzer,address"
let fuzzing: [SwiftSetting] = isFuzzing ? [.unsafeFlags([sanitizers])] : []

let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ] + fuzzing
let numeric = strict + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]
let domain = numeric + [.strictMemorySafety()]

func library(_ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

let systemLibraries: [Target] = [
    .systemLibrary(name: "CNetCDF", pkgConfig: "netcdf", providers: [.apt(["libnetcdf-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
    .systemLibrary(
        name: "COpenBLAS",
        pkgConfig: "openblas",
        providers: [.apt(["libopenblas-pthread-dev", "liblapacke-dev"])]
    ),
    .systemLibrary(
        name: "CMicroHTTPD",
        pkgConfig: "libmicrohttpd",
        providers: [.apt(["libmicrohttpd-dev"])]
    ),
    .systemLibrary(name: "CCBOR", pkgConfig: "libcbor", providers: [.apt(["libcbor-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CPROJ", pkgConfig: "proj", providers: [.apt(["libproj-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(
        name: "CSimdJSON",
        cxxSettings: [.unsafeFlags(["-Wall", "-Werror", "-O2"])],
        linkerSettings: [.linkedLibrary("simdjson")]
    ),
    .target(
        name: "CGeoTIFF",
        cSettings: [.unsafeFlags(["-Wall", "-Werror", "-O2"])],
        linkerSettings: [.linkedLibrary("tiff"), .linkedLibrary("geotiff")]
    ),
    .target(
        name: "CInterop",
        dependencies: ["CSQLite", "CNetCDF", "CHDF5", "CMicroHTTPD"],
        cSettings: [.unsafeFlags(["-Wall", "-Werror"])]
    ),
]

let foundation: [Target] = [
    library("Quantities", [], numeric),
    library("Concurrent", ["Quantities"], numeric),
]

let drivers: [Target] = [
    library("LinearAlgebra", ["COpenBLAS", "Quantities", "Concurrent"], numeric),
    library(
        "NetCDF",
        ["CNetCDF", "CHDF5", "CDeflate", "CInterop", "Concurrent", "Quantities"],
        numeric
    ),
    library("SQLite", ["CSQLite", "CInterop", "Quantities"], numeric),
    library("MQTT", ["CMosquitto", "Quantities"], numeric),
    library("HTTPServer", ["CMicroHTTPD", "CInterop", "Concurrent", "Quantities"], numeric),
    library("JSON", ["CSimdJSON", "Quantities"], numeric),
    library("CBOR", ["CCBOR", "Quantities"], numeric),
    library("CSV", [], numeric),
    library("Compression", ["CZstd", "Quantities"], numeric),
    library("Digests", ["COpenSSL"], numeric),
    library("GeoTIFF", ["CGeoTIFF", "Quantities"], numeric),
    library("PROJ", ["CPROJ", "Quantities"], numeric),
]

let domainModules: [Target] = [
    library("Geo", ["Quantities"], domain),
    library("Observations", ["Quantities", "LinearAlgebra", "Geo"], domain),
    library("Gridding", ["Quantities", "Concurrent", "LinearAlgebra", "Geo", "Observations"], domain),
    library("Transport", ["Quantities", "Concurrent", "LinearAlgebra", "Geo", "Observations"], domain),
    library("Inventory", ["Quantities", "Concurrent", "Geo"], domain),
    library(
        "Inversion",
        ["Quantities", "Concurrent", "LinearAlgebra", "Geo", "Observations", "Transport", "Inventory"],
        domain
    ),
    library(
        "Tracing",
        ["Quantities", "Concurrent", "LinearAlgebra", "Geo", "Observations", "Transport"],
        domain
    ),
    library(
        "Verification",
        ["Quantities", "Concurrent", "LinearAlgebra", "Geo", "Inventory", "Inversion"],
        domain
    ),
]

let services: [Target] = [
    library(
        "Archive",
        ["Quantities", "Concurrent", "SQLite", "Compression", "Geo", "Observations"],
        numeric
    ),
    library(
        "Formats",
        [
            "Quantities", "Concurrent", "LinearAlgebra", "NetCDF", "JSON", "CSV", "Compression", "Digests",
            "GeoTIFF", "PROJ", "Geo",
            "Observations", "Gridding", "Transport", "Inventory", "Inversion", "Tracing", "Verification",
        ],
        numeric
    ),
    library(
        "Ingest",
        [
            "Quantities", "Concurrent", "MQTT", "HTTPServer", "JSON", "CBOR", "CSV", "Geo", "Observations",
            "Archive", "Formats", "Digests",
        ],
        numeric
    ),
    library(
        "Report",
        [
            "Quantities", "Geo", "Observations", "Gridding", "Transport", "Inventory", "Inversion",
            "Verification",
        ],
        numeric
    ),
    library(
        "Pipeline",
        [
            "Quantities", "Concurrent", "LinearAlgebra", "NetCDF", "CSV", "Digests", "Geo", "Observations",
            "Gridding",
            "Transport",
            "Inventory", "Inversion", "Verification", "Archive", "Formats", "Report",
        ],
        numeric
    ),
    library("Service", ["Quantities", "HTTPServer", "Archive", "Ingest", "Report"], numeric),
]

let root: [Target] = [
    .executableTarget(
        name: "crosswind",
        dependencies: [
            "Quantities", "Concurrent", "LinearAlgebra", "NetCDF", "SQLite", "MQTT", "HTTPServer", "JSON",
            "CBOR", "CSV", "Compression", "Digests", "GeoTIFF", "PROJ", "Geo", "Observations", "Gridding",
            "Transport", "Inventory",
            "Inversion", "Tracing", "Verification", "Archive", "Formats",
            "Ingest", "Report", "Pipeline", "Service",
        ],
        swiftSettings: numeric
    )
]

let benchmarks: Target = .executableTarget(
    name: "Benchmarks",
    dependencies: [
        "Quantities", "Concurrent", "LinearAlgebra", "NetCDF", "SQLite", "MQTT", "CSV", "COpenBLAS",
        "CNetCDF",
        "Geo", "Observations", "Gridding", "Transport", "Inversion", "Archive", "Formats", "Ingest",
        "TestSupport",
        "LoadSupport",
    ],
    path: "Benchmarks",
    swiftSettings: numeric
)

let fuzzTargets: [Target] =
    [
        .target(
            name: "FuzzTargets",
            dependencies: ["Quantities", "JSON", "Observations", "Archive", "Formats", "Ingest"],
            path: "Fuzz/Targets",
            swiftSettings: strict
        )
    ]
    + (isFuzzing
        ? [
            .executableTarget(
                name: "Fuzz",
                dependencies: ["FuzzTargets"],
                path: "Fuzz/Driver",
                swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])],
                linkerSettings: [.unsafeFlags([sanitizers])]
            )
        ] : [])

/// `Tests/<Module>Tests` mirrors `Sources/<Module>`; what a test needs beside its module is named here.
let tested: [(module: String, beside: [Target.Dependency])] = [
    ("Quantities", []),
    ("Concurrent", ["Quantities"]),
    ("LinearAlgebra", ["Quantities", "Concurrent"]),
    ("NetCDF", ["Quantities", "Concurrent", "CNetCDF", "CHDF5"]),
    ("SQLite", ["Quantities"]),
    ("MQTT", ["Quantities", "Concurrent"]),
    ("HTTPServer", ["Quantities", "Concurrent"]),
    ("JSON", ["Quantities"]),
    ("CBOR", ["Quantities"]),
    ("CSV", ["Quantities"]),
    ("Compression", ["Quantities"]),
    ("Digests", []),
    ("GeoTIFF", ["Quantities"]),
    ("PROJ", ["Quantities"]),
    ("Geo", ["Quantities"]),
    ("Observations", ["Quantities", "Geo"]),
    ("Gridding", ["Quantities", "Geo", "Observations", "Concurrent", "LinearAlgebra", "NetCDF"]),
    ("Transport", ["Quantities", "Concurrent", "LinearAlgebra", "NetCDF", "Geo", "Observations"]),
    ("Inventory", ["Quantities", "Concurrent", "Geo"]),
    ("Inversion", ["Quantities", "LinearAlgebra", "Concurrent"]),
    ("Tracing", ["Quantities", "LinearAlgebra", "Geo", "Transport"]),
    ("Verification", ["Quantities", "Concurrent"]),
    ("Archive", ["Quantities", "SQLite", "Compression", "Geo", "Observations"]),
    (
        "Formats",
        [
            "Quantities", "NetCDF", "GeoTIFF", "JSON", "LinearAlgebra", "Geo", "Observations", "Gridding",
            "Transport", "Inventory", "Inversion", "Verification", "Concurrent",
        ]
    ),
    (
        "Ingest",
        [
            "Quantities", "MQTT", "HTTPServer", "SQLite", "JSON", "CBOR", "CSV", "Archive", "Formats", "Geo",
            "Observations", "Concurrent", "LoadSupport", "FuzzTargets", "Digests",
        ]
    ),
    ("Report", ["Quantities", "Geo", "Observations", "Gridding", "Transport", "Verification"]),
    (
        "Pipeline",
        [
            "Quantities", "Formats", "Archive", "Inversion", "Report", "Geo", "Observations", "Verification",
            "Ingest", "MQTT", "LinearAlgebra", "Transport", "NetCDF", "Inventory",
        ]
    ),
    ("Service", ["HTTPServer", "Quantities", "Geo", "Observations", "Ingest", "Archive"]),
]

let tests: [Target] =
    [
        .target(
            name: "TestSupport",
            dependencies: ["Concurrent", "Quantities"],
            path: "Tests/Support",
            swiftSettings: strict
        ),
        .target(
            name: "LoadSupport",
            dependencies: ["TestSupport", "Concurrent", "Quantities", "MQTT", "Archive"],
            path: "Tests/LoadSupport",
            swiftSettings: strict
        ),
        .testTarget(name: "SourceTreeTests", dependencies: ["TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "TestSupport", "Quantities", "Geo", "Observations", "Archive", "Formats", "Inversion",
                "LinearAlgebra", "Verification", "crosswind",
            ],
            swiftSettings: strict
        ),
    ]
    + tested.map { test in
        .testTarget(
            name: "\(test.module)Tests",
            dependencies: ["TestSupport", .init(stringLiteral: test.module)] + test.beside,
            exclude: test.module == "Report" ? ["Golden"] : [],
            swiftSettings: strict
        )
    }

let package = Package(
    name: "crosswind",
    targets: systemLibraries + foundation + drivers + domainModules + services + root + [benchmarks]
        + fuzzTargets
        + tests,
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx17
)
