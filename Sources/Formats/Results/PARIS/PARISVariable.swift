import NetCDF

/// One variable of a PARIS file, defined before and filled after the definitions end.
struct PARISVariable {
    enum Values {
        /// The whole variable.
        case whole([Double])
        case texts([String])
        /// One slab for each index of the first dimension, made when it is written.
        case slabs(count: Int, shape: [Int], (Int) -> [Double])
    }

    let name: String
    let type: NetCDFType
    let dimensions: [String]
    let attributes: [(String, NetCDFAttribute)]
    let values: Values

    init(
        _ name: String,
        _ type: NetCDFType,
        _ dimensions: [String],
        _ attributes: [(String, NetCDFAttribute)],
        _ values: Values
    ) {
        self.name = name
        self.type = type
        self.dimensions = dimensions
        self.attributes = attributes
        self.values = values
    }

    /// A variable of single precision whose fill value is NaN.
    static func float(
        _ name: String,
        _ dimensions: [String],
        unit: String,
        longName: String,
        more: [(String, NetCDFAttribute)] = [],
        _ values: Values
    ) -> PARISVariable {
        let attributes: [(String, NetCDFAttribute)] = [
            ("units", .text(unit)), ("_FillValue", .float(.nan)), ("long_name", .text(longName)),
        ]
        return PARISVariable(name, .float, dimensions, attributes + more, values)
    }

    @NetCDFThread
    func define(in writer: inout NetCDFWriter) throws(NetCDFError) {
        // A chunk for each slab: one that spans several is packed anew for each of them.
        var chunks: [Int]?
        if case .slabs(_, let shape, _) = values { chunks = [1] + shape }
        try writer.defineVariable(
            name,
            type,
            dimensions: dimensions,
            chunks: chunks,
            attributes: attributes
        )
    }

    @NetCDFThread
    func fill(_ writer: inout NetCDFWriter) throws(NetCDFError) {
        switch values {
        case .whole(let numbers): try writer.write(numbers, to: name)
        case .texts(let texts): try writer.write(texts, to: name)
        case .slabs(let count, let shape, let slab):
            for index in 0..<count {
                let start = [index] + shape.map { _ in 0 }
                try writer.write(slab(index), to: name, start: start, shape: [1] + shape)
            }
        }
    }
}

/// What both files of the layout share.
enum PARIS {
    static let timeUnit = "days since 1970-01-01 00:00:00"

    static func days(_ seconds: Double) -> Double { seconds / 86_400 }

    /// `time` in the middle of its bounds, and the bounds.
    static func time(
        along dimension: String,
        bounds: [(start: Double, end: Double)],
        longName: String,
        axis: [(String, NetCDFAttribute)]
    ) -> [PARISVariable] {
        let calendar: (String, NetCDFAttribute) = ("calendar", "proleptic_gregorian")
        let unit: (String, NetCDFAttribute) = ("units", .text(timeUnit))
        return [
            PARISVariable(
                "time",
                .double,
                [dimension],
                [
                    unit, ("long_name", .text(longName)), ("standard_name", "time"), calendar,
                    ("bounds", "time_bnds"),
                ] + axis,
                .whole(bounds.map { days(($0.start + $0.end) / 2) })
            ),
            PARISVariable(
                "time_bnds",
                .double,
                [dimension, "nbnds"],
                [("long_name", "start and end points of each time step"), calendar, unit],
                .whole(bounds.flatMap { [days($0.start), days($0.end)] })
            ),
        ]
    }

    static func percentile(longName: String) -> PARISVariable {
        PARISVariable(
            "percentile",
            .double,
            ["percentile"],
            [("units", "1"), ("long_name", .text(longName))],
            .whole(Percentiles.probabilities)
        )
    }

    @NetCDFThread
    static func write(
        dimensions: [(String, Int)],
        variables: [PARISVariable],
        attributes: [(String, NetCDFAttribute)],
        to path: String
    ) throws(NetCDFError) {
        var writer = try NetCDFWriter(replacing: path)
        for (name, value) in attributes { try writer.setAttribute(name, value) }
        for (name, length) in dimensions { try writer.defineDimension(name, length: length) }
        for variable in variables { try variable.define(in: &writer) }
        for variable in variables { try variable.fill(&writer) }
        try writer.commit()
    }
}
