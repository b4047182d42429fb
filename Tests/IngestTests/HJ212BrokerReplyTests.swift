import MQTT
import Testing

@testable import Ingest

@Suite struct HJ212BrokerReplyTests {
    private let frame = HJ212Reply.encoded(
        "QN=20250301120000000;ST=31;CN=2011;PW=123456;MN=A1;Flag=5;CP=&&DataTime=20250301120000;a05001-Rtd=410,"
            + "a05001-Flag=N&&"
    )

    @Test func framesThroughABrokerAreAnsweredOnTheirOwnTopic() throws {
        var batch = MessageBatch()
        batch.append(topic: "hj212/A1".utf8, payload: try #require(frame))
        batch.append(topic: "co2/v1/net/car/obs".utf8, payload: try #require(frame))
        let replies = HJ212BrokerReplies.replies(to: batch)
        #expect(replies.map(\.topic) == ["hj212/A1/reply"])
        #expect(String(decoding: replies[0].payload, as: UTF8.self).contains("CN=9014"))
    }

    @Test func whatCannotBeReadIsNotAnswered() throws {
        var broken = try #require(frame)
        broken[20] ^= 1
        var batch = MessageBatch()
        batch.append(topic: "hj212/A1".utf8, payload: broken)
        batch.append(topic: "hj212/A1".utf8, payload: Array("garbage".utf8))
        #expect(HJ212BrokerReplies.replies(to: batch).isEmpty)
    }
}
