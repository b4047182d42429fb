import NetCDF

/// Rows come straight from the file, whatever the thread.
extension ChunkedFile: VariableSource {}
