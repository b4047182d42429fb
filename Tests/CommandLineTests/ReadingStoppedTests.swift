import Concurrent
import Quantities
import Testing

@testable import crosswind

@Suite struct ReadingStoppedTests {
    @Test func theLastWordsOfALibraryFollowOurs() {
        let end = ConfinedEnd.killed(signal: 6, reading: "a.nc")
        let stopped = ReadingStopped(end: end, said: ["HDF5-DIAG", "free(): invalid pointer"])
        #expect(
            stopped.line
                == "the file stops its reader (signal 6): a.nc; it is damaged, or needs more memory than this "
                + "machine has; fetch it again (it said: free(): invalid pointer)"
        )
        #expect(stopped.exitStatus == .badData)
    }

    @Test(
        arguments: [(1, .hungUp), (2, .interrupted), (15, .terminated), (9, .internalError)]
            as [(Int32, Quantities.ExitStatus)]
    )
    func signalsThatAskForTheEndAreNoFault(signal: Int32, status: Quantities.ExitStatus) {
        let stopped = ReadingStopped(end: .killed(signal: signal, reading: ""))
        #expect(stopped.exitStatus == status)
        #expect(stopped.line.hasPrefix("ended by SIG") == (signal != 9))
    }

    @Test(
        arguments: [
            ("x.nc.partial-123", 123), ("x.nc.partial-123-4", 123), ("x.nc.partial-1", nil), ("x.nc", nil),
            ("y.nc.partial-123", nil), ("x.nc.partial-99999999999", nil), ("x.nc.partial-12-", nil),
        ] as [(String, Int32?)]
    )
    func onlyNamesOfOurOwnPartialFilesAreKnown(name: String, process: Int32?) {
        #expect(PartialFiles.process(of: name, output: "x.nc") == process)
    }
}
