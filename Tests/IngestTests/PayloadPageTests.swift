import Archive
import Foundation
import Geo
import Observations
import Quantities
import TestSupport
import Testing

@testable import Ingest

/// A part of the page on payloads: the description of a device, messages, and what the page says becomes of them.
private struct PageSection {
    let title: String
    let topic: String
    let payload: String
    var messages: [(payload: [UInt8], expected: [String])] = []

    init?(_ text: Substring) {
        title = String(text.prefix { $0 != "\n" })
        guard let topic = text.firstMatch(of: /Topic: `([^`]+)`/)?.1 else { return nil }
        self.topic = String(topic).replacing("+", with: "x")
        var blocks = text.matches(of: /```([a-z0-9]+)\n((?s).*?)```/).map { ($0.1, String($0.2)) }[...]
        guard let first = blocks.popFirst(), first.0 == "json5" else { return nil }
        payload = first.1
        while let message = blocks.popFirst(), let result = blocks.popFirst() {
            let lines = result.1.split(separator: "\n").map(String.init)
            messages.append((Self.bytes(message.1, message.0), lines))
        }
    }

    private static func bytes(_ text: String, _ kind: Substring) -> [UInt8] {
        switch kind {
        case "hex": text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
        case "frames": text.split(separator: "\n").flatMap { HJ212Reply.encoded(String($0)) ?? [] }
        default: Array(text.utf8)
        }
    }

    static func all() throws -> [PageSection] {
        let page = Places.repository.appending(path: "Sources/crosswind/crosswind.docc/Payloads.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        return text.split(separator: "\n## ").compactMap { PageSection($0) }
    }
}

private func line(_ reading: Reading) -> String {
    let value = reading.valuePartsPerMillion.map { "\(rounded($0, 1e5))" } ?? "-"
    let uncertainty = reading.standardUncertaintyPartsPerMillion.map { " ± \(rounded($0, 1e5))" } ?? ""
    var text = "\(reading.time) \(reading.gas.rawValue) \(value)\(uncertainty) \(reading.flag)"
    if let place = reading.position {
        text += " at \(rounded(place.longitude, 1e5)) \(rounded(place.latitude, 1e5))"
    }
    return text + words(reading.conditions) + (reading.bottle.map { " bottle \($0)" } ?? "")
}

private func words(_ conditions: Conditions) -> String {
    conditions.entries.map { " \($0.name)=\(rounded($0.value, 1e5))" }.joined()
}

private func rounded(_ number: Double, _ unit: Double) -> Double { (number * unit).rounded() / unit }

private func lines(_ message: PayloadDecoder.Message) -> [String] {
    message.items.flatMap { item -> [String] in
        switch item {
        case .readings(let readings): readings.map(line)
        case .weather(let time, let conditions): ["\(time) weather\(words(conditions))"]
        case .rejection(let rejection):
            ["rejected \(rejection.reason)" + (rejection.item.map { " (\($0))" } ?? "")]
        }
    }
        + (message.sequences.isEmpty
            ? [] : ["sequence " + message.sequences.map(words).joined(separator: ", ")])
}

private func words(_ sequence: SequenceNumber) -> String { "\(sequence.boot)/\(sequence.number)" }

@Suite struct PayloadPageTests {
    @Test func thePageShowsEveryFormat() throws {
        let formats = try PageSection.all().map {
            $0.payload.firstMatch(of: /format: "([a-z0-9-]+)"/)?.1 ?? "native"
        }
        #expect(
            Set(formats) == [
                "native", "json", "senml-json", "senml-cbor", "sensorthings", "sensor-community",
                "thingsboard",
                "hj212",
            ]
        )
    }

    /// Every example of the page gives what stands below it.
    @Test(arguments: try PageSection.all().map(\.title))
    func theExamplesAreTrue(title: String) throws {
        let section = try #require(try PageSection.all().first { $0.title == title })
        #expect(!section.messages.isEmpty)
        let network = try DescribedNetwork([("van", section.payload, "")])
        for (payload, expected) in section.messages {
            let bytes = Array(section.topic.utf8) + payload
            let cut = section.topic.utf8.count
            let messages = network.decoder.decode(
                bytes,
                topic: 0..<cut,
                payload: cut..<bytes.count,
                received: noon
            )
            let found = messages.flatMap(lines)
            #expect(found == expected, "\(found.joined(separator: "\n"))")
        }
    }
}
