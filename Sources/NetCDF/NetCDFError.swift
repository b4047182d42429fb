import CNetCDF
import Foundation
public import Quantities

/// A failure of the netCDF library, with the file and variable it happened at.
public struct NetCDFError: Fault, Equatable {
    /// What kind of failure it was.
    public enum Kind: Equatable, Sendable {
        /// No file at the path.
        case noSuchFile
        /// The file is neither netCDF nor HDF5.
        case notNetCDF
        /// The file ends early or its structure is damaged.
        case damaged
        /// A variable, dimension or attribute that is needed is not there.
        case absent(String)
        /// The content is there in another form than needed.
        case unexpected(String)
        /// Read well, and of no use as it stands; what to do about it is said too.
        case unfit(String, remedy: String)
        /// The disk or the permissions refuse.
        case inputOutput(String)
        /// Any other code of the library.
        case library(code: Int32, text: String)
    }

    public let kind: Kind
    public let path: String
    /// Empty when the failure concerns the whole file.
    public let variable: String

    public init(_ kind: Kind, path: String, variable: String = "") {
        self.kind = kind
        self.path = path
        self.variable = variable
    }

    init(code: Int32, path: String, variable: String = "") {
        let text = String(cString: nc_strerror(code))
        let kind: Kind =
            switch code {
            case ENOENT, ENOTDIR: .noSuchFile
            case NC_ENOTNC: .notNetCDF
            case NC_EHDFERR, NC_ETRUNC, NC_EINVALCOORDS, NC_EDISKLESS, NC_EFILTER: .damaged
            case NC_ENOTVAR, NC_EBADDIM, NC_ENOTATT, NC_ENOGRP: .absent(text)
            case 1...: .inputOutput(text)
            default: .library(code: code, text: text)
            }
        self.init(kind, path: path, variable: variable)
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .noSuchFile: .missingInput
        case .notNetCDF, .damaged, .absent, .unexpected, .unfit, .library: .badData
        case .inputOutput: .inputOutput
        }
    }

    public var what: String {
        switch kind {
        case .noSuchFile: "no such file"
        case .notNetCDF: "not a netCDF or HDF5 file"
        case .damaged: "the file is truncated or damaged"
        case .absent(let text): "not in the file (\(text))"
        case .unexpected(let text), .unfit(let text, _): text
        case .inputOutput(let text): text
        case .library(let code, let text): "netCDF error \(code) (\(text))"
        }
    }

    public var place: String { variable.isEmpty ? path : "\(path), \(variable)" }

    public var remedy: String {
        switch kind {
        case .noSuchFile: "check the path"
        case .notNetCDF: "check that the download is the data file and not an error page"
        case .damaged: "fetch the file again"
        case .absent, .unexpected: "check the product and version with `ncdump -h`"
        case .unfit(_, let remedy): remedy
        case .inputOutput: "check space and permissions"
        case .library: ""
        }
    }
}
