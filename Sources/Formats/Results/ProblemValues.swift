import NetCDF

/// The values that a variable may have by its own attributes (CF conventions 1.8, section 2.5.1): what is beyond is
/// missing.
struct ValidRange: Equatable, Sendable {
    let lower: Double
    let upper: Double

    /// Nil for a variable that states none.
    ///
    /// - Throws: ``NetCDFError`` for a range that is none.
    @NetCDFThread
    init?(of variable: String, in file: borrowing NetCDFFile) throws(NetCDFError) {
        let names = try file.attributeNames(of: variable)
        let present = ["valid_range", "valid_min", "valid_max"].filter(names.contains)
        guard let first = present.first else { return nil }
        var (low, high) = (-Double.infinity, Double.infinity)
        func fault(_ name: String, _ reason: String) -> NetCDFError {
            ProblemLayout.unfit(reason, "correct it, or leave it out", "\(variable):\(name)", file)
        }
        for name in present {
            let values = file.numbers(name, of: variable) ?? []
            guard values.count == (name == "valid_range" ? 2 : 1) else {
                throw fault(name, name == "valid_range" ? "is not two numbers" : "is not one number")
            }
            if name != "valid_max" { low = max(low, values[0]) }
            if name != "valid_min" { high = min(high, values[values.count - 1]) }
        }
        guard low <= high else { throw fault(first, "leaves no value") }
        // Given as stored, with half a step for what unpacking rounds.
        let (scale, offset) = (
            file.number("scale_factor", of: variable) ?? 1, file.number("add_offset", of: variable) ?? 0
        )
        let slack = scale == 1 && offset == 0 ? 0 : abs(scale) / 2
        let ends = [low * scale + offset, high * scale + offset].sorted()
        (lower, upper) = (ends[0] - slack, ends[1] + slack)
    }

    func apply(to values: inout [Double]) {
        for index in values.indices where values[index] < lower || values[index] > upper {
            values[index] = .nan
        }
    }
}

extension NetCDFFile {
    /// As ``doubles(_:)``, NaN also for what is outside of the range that the variable states.
    @NetCDFThread
    func validDoubles(_ variable: String) throws(NetCDFError) -> [Double] {
        var values = try doubles(variable)
        try ValidRange(of: variable, in: self)?.apply(to: &values)
        return values
    }

    /// As ``doubles(_:shape:)``, NaN also for what is outside of the range that the variable states.
    @NetCDFThread
    func validDoubles(_ variable: String, shape: [Int]) throws(NetCDFError) -> [Double] {
        var values = try doubles(variable, shape: shape)
        try ValidRange(of: variable, in: self)?.apply(to: &values)
        return values
    }
}
