import TestSupport
import Testing

@testable import MQTT

@Suite struct BrokerAddressTests {
    @Test func addressesAreRead() {
        #expect(BrokerAddress("mqtt://127.0.0.1:18830") == BrokerAddress(host: "127.0.0.1", port: 18830))
        #expect(BrokerAddress("mqtt://broker.example") == BrokerAddress(host: "broker.example", port: 1883))
        #expect(BrokerAddress("mqtt://[::1]:1884")?.host == "::1")
        #expect(
            BrokerAddress("mqtts://broker.example")
                == BrokerAddress(host: "broker.example", port: 8883, usesTLS: true)
        )
        #expect(BrokerAddress("mqtts://[::1]")?.description == "mqtts://[::1]:8883")
        let withUser = BrokerAddress("mqtt://logger:secret@broker.example")
        #expect(withUser?.user == "logger" && withUser?.password == "secret")
        #expect(withUser?.description == "mqtt://broker.example:1883")
    }

    @Test(arguments: [
        "", "127.0.0.1:1883", "http://127.0.0.1", "mqtt://", "mqtt://a:0", "mqtt://a:70000", "mqtt://a/topic",
    ])
    func otherTextIsRefused(text: String) {
        #expect(BrokerAddress(text) == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func pausesDoubleWithinTheirBounds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var backoff = Backoff()
        for attempt in 0..<40 {
            let pause = backoff.next(using: &random)
            let whole: Duration = attempt < 9 ? .milliseconds(100 << attempt) : .seconds(30)
            #expect(pause >= whole / 2 && pause <= whole)
        }
        backoff.reset()
        #expect(backoff.next(using: &random) <= .milliseconds(100))
    }

    @Test func batchesCutTheirBytes() {
        var batch = MessageBatch()
        batch.append(topic: "a/b".utf8, payload: "".utf8)
        batch.append(topic: "c".utf8, payload: "xyz".utf8)
        #expect(batch.count == 2)
        #expect(Array(batch.bytes[batch.topic(0)]) == Array("a/b".utf8))
        #expect(batch.payload(0).isEmpty)
        #expect(Array(batch.bytes[batch.payload(1)]) == Array("xyz".utf8))
    }
}
