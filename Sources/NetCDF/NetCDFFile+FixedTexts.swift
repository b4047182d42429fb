import CHDF5

extension NetCDFFile {
    /// Texts of a fixed length, as HDF5 programs other than the netCDF library write them; nil where a variable holds
    /// texts of any length.
    ///
    /// `nc_get_var_string` of netCDF 4.9.0 writes such texts past the end of its buffer when there are several
    /// (`ncdump` crashes on them too), so they are read through HDF5.
    func fixedTexts(_ variable: String, count: Int) throws(NetCDFError) -> [String]? {
        let dataset = H5Dopen2(try openFile(variable), "/" + variable, 0)
        // A name that only netCDF knows belongs to a file written by netCDF, which has no texts of fixed length.
        guard dataset >= 0 else { return nil }
        defer { H5Dclose(dataset) }
        let type = H5Dget_type(dataset)
        guard type >= 0 else { throw unreadable(variable) }
        defer { H5Tclose(type) }
        guard H5Tis_variable_str(type) == 0 else { return nil }
        return try read(dataset, type, count, variable)
    }

    private func read(
        _ dataset: hid_t,
        _ type: hid_t,
        _ count: Int,
        _ variable: String
    ) throws(NetCDFError) -> [String] {
        let length = H5Tget_size(type)
        let space = H5Dget_space(dataset)
        defer { H5Sclose(space) }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: length)
        guard length > 0, !overflow, bytes <= 1 << 28, H5Sget_simple_extent_npoints(space) == Int64(count)
        else {
            throw unreadable(variable)
        }
        var characters = [UInt8](repeating: 0, count: bytes)
        guard H5Dread(dataset, type, 0, 0, 0, &characters) >= 0 else { throw unreadable(variable) }
        return stride(from: 0, to: bytes, by: length).map { start in
            String(decoding: characters[start..<(start + length)].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The identifier under which the netCDF library has the file open; it stays the library's. Opening the file again
    /// would need the same close degree, which is no part of its interface.
    private func openFile(_ variable: String) throws(NetCDFError) -> hid_t {
        let (everyFile, files, limit) = (hid_t(0x1f), UInt32(0x1), 1024)
        var ids = [hid_t](repeating: -1, count: limit)
        let count = H5Fget_obj_ids(everyFile, files, limit, &ids)
        for id in ids.prefix(max(0, count)) {
            var name = [CChar](repeating: 0, count: 4097)
            guard H5Fget_name(id, &name, 4096) > 0, string(name) == path else { continue }
            return id
        }
        throw unreadable(variable)
    }

    private func unreadable(_ variable: String) -> NetCDFError {
        NetCDFError(.unexpected("cannot read its texts"), path: path, variable: variable)
    }
}
