import Foundation
import Ingest
import Synchronization
import TestSupport
import Testing

private var quick: Webhook.Policy {
    var policy = Webhook.Policy()
    policy.firstPause = .milliseconds(5)
    policy.longestPause = .milliseconds(20)
    policy.attempts = 4
    return policy
}

@Suite struct WebhookTests {
    @Test func messagesArriveInOrderThroughFailuresOfTheServer() async throws {
        let server = try PostReceiver(statuses: [503, 0, 200])
        let webhook = try #require(Webhook(server.url, policy: quick))
        for number in 1...3 { webhook.send(Array(#"{"n":\#(number)}"#.utf8)) }
        #expect(await becomes { webhook.counts.delivered == 3 })
        #expect(server.bodies == [1, 1, 1, 2, 3].map { #"{"n":\#($0)}"# })
        #expect(webhook.counts.dropped == 0 && webhook.counts.waiting == 0)
        webhook.stop()
    }

    @Test func aRefusalIsFinalAndSaidWithoutThePassword() async throws {
        let server = try PostReceiver(statuses: [400, 200])
        let notes = Mutex<[String]>([])
        let url = server.url.replacing("http://", with: "http://user:secret@")
        let webhook = try #require(
            Webhook(url, policy: quick) { line in notes.withLock { $0.append(line) } }
        )
        webhook.send(Array("1".utf8))
        webhook.send(Array("2".utf8))
        #expect(await becomes { webhook.counts.delivered == 1 })
        #expect(server.bodies == ["1", "2"] && webhook.counts.dropped == 1)
        let lines = notes.withLock { $0 }
        #expect(lines.count == 1 && lines[0].contains("400") && !lines[0].contains("secret"))
        webhook.stop()
    }

    @Test func aServerThatIsAwayNeitherBlocksNorGrowsTheQueue() async throws {
        var policy = quick
        policy.queueLimit = 5
        policy.firstPause = .seconds(3600)
        policy.longestPause = .seconds(3600)
        let webhook = try #require(Webhook("http://127.0.0.1:\(try freePort())/", policy: policy))
        for _ in 0..<50 { webhook.send([0x7B, 0x7D]) }
        #expect(webhook.counts.waiting == 5 && webhook.counts.dropped == 45)
        webhook.stop()
        #expect(webhook.counts.waiting == 0 && webhook.counts.dropped == 50)
        webhook.send([0x7B, 0x7D])
        #expect(webhook.counts.dropped == 51)
    }

    @Test(arguments: ["", "ftp://host/", "http://", "no address", "127.0.0.1:80"])
    func otherAddressesAreRefused(text: String) {
        #expect(Webhook(text) == nil)
    }
}
