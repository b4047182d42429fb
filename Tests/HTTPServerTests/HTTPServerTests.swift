import Foundation
import HTTPServer
import Quantities
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerTests {
    @Test func aRequestComesDecodedAndItsResponseGoesBack() async throws {
        let seen = Mutex<[HTTPRequest]>([])
        let server = try HTTPServer(port: 0) { request in
            seen.withLock { $0.append(request) }
            return HTTPResponse(status: 202, contentType: "text/csv", body: Array("a,b\n".utf8))
        }
        #expect(server.port > 0)
        let reply = try await LocalHTTP.get(server.port, "/a%20b/%E6%B0%94?from=2018&name=a%26b&flag")
        #expect(reply.hasPrefix("HTTP/1.1 202"))
        #expect(reply.contains("Content-Type: text/csv\r\n"))
        #expect(reply.hasSuffix("\r\n\r\na,b\n"))
        let expected = HTTPRequest(path: "/a b/气", query: ["from": "2018", "name": "a&b", "flag": ""])
        #expect(seen.withLock { $0 } == [expected])
        await server.stop()
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH"]) func otherMethodsAreRefused(method: String)
        async throws
    {
        let server = try HTTPServer(port: 0) { _ in .text("never") }
        let reply = try await LocalHTTP.get(server.port, "/", method: method)
        #expect(reply.hasPrefix("HTTP/1.1 405"))
        #expect(reply.contains("Allow: GET, HEAD"))
        await server.stop()
    }

    @Test func aHeadHasNoBody() async throws {
        let server = try HTTPServer(port: 0) { _ in .text("12345") }
        let reply = try await LocalHTTP.get(server.port, "/", method: "HEAD")
        #expect(reply.contains("Content-Length: 5"))
        #expect(reply.hasSuffix("\r\n\r\n"))
        await server.stop()
    }

    @Test(arguments: ["", "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"])
    func nonsenseDoesNotDisturbOthers(request: String) async throws {
        let server = try HTTPServer(port: 0) { _ in .text("fine") }
        if !request.isEmpty {
            _ = try await LocalHTTP.exchange(server.port, request + "GET / HTTP/1.0\r\n\r\n")
        }
        #expect(try await LocalHTTP.get(server.port, "/").hasSuffix("fine"))
        await server.stop()
    }

    @Test func manyAtOnceAreAllAnswered() async throws {
        let server = try HTTPServer(port: 0) { .text($0.query["n"] ?? "") }
        let replies = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<64 {
                group.addTask { (number, try await LocalHTTP.get(server.port, "/?n=\(number)")) }
            }
            return try await group.reduce(into: [(Int, String)]()) { $0.append($1) }
        }
        #expect(replies.count == 64)
        #expect(replies.allSatisfy { $0.1.hasSuffix("\r\n\r\n\($0.0)") })
        await server.stop()
    }

    @Test func stoppingFreesThePortAndMayBeRepeated() async throws {
        let server = try HTTPServer(port: 0) { _ in .text("first") }
        await server.stop()
        await server.stop()
        #expect(try await LocalHTTP.get(server.port, "/").isEmpty)
        let next = try HTTPServer(port: server.port) { _ in .text("second") }
        #expect(try await LocalHTTP.get(next.port, "/").hasSuffix("second"))
    }

    @Test func aTakenPortOrAForeignAddressIsSaid() throws {
        let server = try HTTPServer(port: 0) { _ in .text("") }
        let taken = #expect(throws: HTTPServerError.self) {
            try HTTPServer(port: server.port) { _ in .text("") }
        }
        #expect(taken?.exitStatus == .unavailable)
        #expect(taken?.place == "127.0.0.1:\(server.port)")
        #expect(throws: HTTPServerError.self) {
            try HTTPServer(host: "localhost", port: 0) { _ in .text("") }
        }
        #expect(throws: HTTPServerError.self) {
            try HTTPServer(host: "192.0.2.1", port: 0) { _ in .text("") }
        }
    }
}
