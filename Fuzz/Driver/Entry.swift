import Foundation
import FuzzTargets

/// The decoder that the environment names; nil after having said that there is none.
private let target: FuzzTarget? = {
    let name = ProcessInfo.processInfo.environment["CROSSWIND_FUZZ_TARGET"] ?? ""
    let targets = (try? FuzzTarget.all()) ?? []
    if let found = targets.first(where: { $0.name == name }) { return found }
    let known = targets.map(\.name).joined(separator: ", ")
    FileHandle.standardError.write(Data("no target `\(name)`; known: \(known)\n".utf8))
    return nil
}()

/// The function by which libFuzzer is called when it does not bring `main` with it.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What libFuzzer calls for every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    _ = target?.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// The package manager makes `main` of a program an alias of `<name>_main`, which the `main` of libFuzzer is not.
@_cdecl("Fuzz_main")
public func fuzzMain(
    _ argumentCount: CInt,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    guard target != nil else { return 64 }
    var count = argumentCount
    var list = arguments
    return withUnsafeMutablePointer(to: &list) { pointer in
        pointer.withMemoryRebound(
            to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self,
            capacity: 1
        ) { runFuzzer(&count, $0, fuzzOneInput) }
    }
}
