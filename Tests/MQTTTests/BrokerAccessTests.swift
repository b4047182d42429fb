import Foundation
import Quantities
import TestSupport
import Testing

@testable import MQTT

@Suite struct BrokerAccessTests {
    @Test func thePasswordIsTheFirstLineOfAFile() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("password")
        var access = BrokerAccess(user: "logger")
        for (content, expected) in [("secret", "secret"), ("two words\n", "two words"), ("a\r\nb", "a")] {
            try Data(content.utf8).write(to: file)
            try access.readPassword(file: file.path, environment: [:])
            #expect(access.password == Password(expected))
        }
        try Data("\nsecret".utf8).write(to: file)
        let error = #expect(throws: MQTTError.self) {
            try access.readPassword(file: file.path, environment: [:])
        }
        #expect(error?.exitStatus == .missingInput && error?.line.contains("secret") == false)
        #expect(
            error?.line.contains("no password in its first line: \(file.path); write the password") == true
        )
    }

    @Test func theEnvironmentHoldsThePasswordWhereNoFileDoes() throws {
        var access = BrokerAccess(user: "logger")
        try access.readPassword(file: nil, environment: [:])
        #expect(access.password == nil)
        try access.readPassword(file: nil, environment: [BrokerAccess.passwordVariable: "secret"])
        #expect(access.password == Password("secret"))
    }

    @Test func nothingThatPrintsItShowsThePassword() throws {
        let access = BrokerAccess(user: "logger", password: Password("secret"))
        let address = try #require(BrokerAddress("mqtts://logger:secret@broker.example"))
        var text = "\(access) \(String(reflecting: access)) \(address) \(String(reflecting: address))"
        dump(access, to: &text)
        dump(address, to: &text)
        #expect(!text.contains("secret"))
    }

    @Test func filesThatAreNotThereAreNamed() throws {
        let address = try #require(BrokerAddress("mqtts://broker.example"))
        let access = BrokerAccess(authorityPath: "/nowhere/ca.pem")
        let error = #expect(throws: MQTTError.self) { try access.check(for: address) }
        #expect(error?.line.contains("CA certificates (no such file): /nowhere/ca.pem") == true)
        #expect(error?.exitStatus == .missingInput)
    }

    @Test func halfAPairAndFilesWithoutTLSAreRefused() throws {
        let plain = BrokerAddress(host: "a", port: 1)
        let encrypted = BrokerAddress(host: "a", port: 1, usesTLS: true)
        let half = BrokerAccess(certificatePath: "/nowhere/c.pem")
        let first = #expect(throws: MQTTError.self) { try half.check(for: encrypted) }
        #expect(first?.kind == .access(.halfOfPair))
        let second = #expect(throws: MQTTError.self) { try half.check(for: plain) }
        #expect(second?.kind == .access(.notEncrypted(file: "/nowhere/c.pem")))
        #expect(second?.exitStatus == .usage)
    }
}
