import Formats
import Inversion
import NetCDF
import Pipeline
import Quantities

/// What is wrong with a problem file, in the words of who wrote it.
enum ProblemFileFault {
    /// Solvers do not know where a problem comes from, and the reader of files not that this one is no product.
    ///
    /// - Parameter files: the problem first; where there is none, errors stay as they are.
    static func named(_ error: any Error, files: [String]) -> any Error {
        guard let problem = files.first else { return error }
        switch error {
        case let error as NetCDFError: return files.contains(error.path) ? ProblemLayout.told(error) : error
        case let error as InversionError: return LinearProblemFile.fault(error, problem)
        case EnsembleError.problem(let error): return LinearProblemFile.fault(error, problem)
        case let error as ProblemChoiceError: return inFile(error, problem)
        case let error as SolverRefusal: return inFile(error, problem)
        default: return error
        }
    }

    private static func inFile(_ error: some Fault, _ path: String) -> NetCDFError {
        NetCDFError(.unfit(error.what, remedy: error.remedy), path: path, variable: error.place)
    }
}
