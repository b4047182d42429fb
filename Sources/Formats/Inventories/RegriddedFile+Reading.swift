import Inventory
import NetCDF
import Quantities

extension RegriddedFile {
    /// How to read a file that we wrote ourselves; nil for any other, and where the user gives a mapping.
    @NetCDFThread
    static func plan(
        _ file: borrowing NetCDFFile,
        _ options: FluxReadOptions
    ) throws(NetCDFError) -> SectorGrids.Plan? {
        guard options.mapping == nil, file.hasVariable("grid_tonnes") else { return nil }
        guard let gas = Gas.allCases.first(where: { file.hasVariable(variable($0)) }) else { return nil }
        guard file.hasVariable("cell_area"), !file.hasVariable("crs") else {
            throw file.unexpected(
                "its grid is one of a map projection; give the file it was made from",
                "crs"
            )
        }
        return SectorGrids.Plan(
            layout: .regridded,
            variables: [(variable(gas), variable(gas))],
            skipped: [],
            gas: gas,
            unit: nil,
            unitText: nil,
            source: file.text("source") ?? file.text("title") ?? "regridded"
        )
    }
}
