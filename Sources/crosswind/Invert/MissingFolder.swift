import Quantities

/// A file that is to be put where there is no folder.
struct MissingFolder: Fault, Equatable {
    let path: String

    var exitStatus: ExitStatus { .inputOutput }
    var what: String { "the folder does not exist" }
    var place: String { path }
    var remedy: String { "make the folder before, or give the name of a folder alone, which is made" }
}
