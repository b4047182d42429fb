import TestSupport
import Testing

@testable import Observations

@Suite struct SlidingOrderTests {
    /// Windows smaller and larger than what is moved one by one, with values that are there several times.
    @Test(arguments: [1, 2, 7, 64, 65, 500])
    func replacingKeepsTheOrder(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        var values = (0..<count).map { _ in Double(random.next() % 200) / 4 }
        var order = SlidingOrder(values)
        for step in 0..<2000 {
            let place = step % count
            let new = Double(random.next() % 200) / 4
            order.replace(values[place], by: new)
            values[place] = new
            let sorted = values.sorted()
            let middle = count / 2
            let median = count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
            #expect(order.count == count && order.median == median)
            for tenth in 0...10 {
                let rank = Int(Double(tenth) / 10 * Double(count - 1))
                #expect(order.quantile(Double(tenth) / 10) == sorted[rank])
            }
        }
    }
}
