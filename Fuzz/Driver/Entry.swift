import Foundation
import FuzzTargets

/// The decoder that the environment names. It is found before the first input, so that a wrong name is said at once.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["CROSSWIND_FUZZ_TARGET"] ?? ""
    let targets = (try? FuzzTarget.all()) ?? []
    guard let found = targets.first(where: { $0.name == name }) else {
        let known = targets.map(\.name).joined(separator: ", ")
        FileHandle.standardError.write(Data("no target `\(name)`; known: \(known)\n".utf8))
        exit(64)
    }
    return found
}()

/// What libFuzzer calls for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    _ = target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
