import Testing

@testable import Verification

@Suite struct TargetProgressTests {
    /// Closed form: declines of 18 % by 2020 and 65 % by 2030, a total from 10000 by way of 9720 to 9500, a share
    /// from 15.9 to 20.
    @Test(
        arguments: [
            (0.0, 18.0, 18.8, 18.8 / 18), (0, 65, 48.4, 48.4 / 65), (10_000, 9_500, 9_720, 0.56),
            (15.9, 20, 17.5, 1.6 / 4.1), (10_000, 9_500, 10_100, -0.2), (60, 40, 40, 1), (60, 40, 60, 0),
        ] as [(Double, Double, Double, Double)]
    )
    func progressIsTheShareOfTheWay(base: Double, target: Double, actual: Double, share: Double) throws {
        let progress = try TargetProgress(base: base, target: target, actual: actual).share
        #expect(abs(progress - share) < 1e-12)
        let printed = (share * 1000).rounded() / 1000
        #expect(
            try TargetProgress(base: base, target: target, actual: actual, printed: printed).share == progress
        )
    }

    @Test func whatIsNotKnownGivesNoProgress() throws {
        #expect(try TargetProgress(base: 0, target: 18, actual: .nan).share.isNaN)
        #expect(try TargetProgress(base: .nan, target: 18, actual: 9).share.isNaN)
        #expect(try TargetProgress(base: .nan, target: 18, actual: 9, printed: 0.4).share == 0.4)
    }

    @Test func contradictionsAreRefused() {
        #expect(throws: TargetProgress.Problem.targetIsBase) {
            try TargetProgress(base: 18, target: 18, actual: 9)
        }
        #expect(throws: TargetProgress.Problem.disagrees(printed: 0.6, computed: 0.5)) {
            try TargetProgress(base: 0, target: 18, actual: 9, printed: 0.6)
        }
    }
}
