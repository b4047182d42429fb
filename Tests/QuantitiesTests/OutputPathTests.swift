import Foundation
import Quantities
import TestSupport
import Testing

@Suite struct OutputPathTests {
    @Test func aFreeNameAndARegularFileMayBeWritten() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("result").path
        #expect(try OutputPath(file).path == file)
        try Data("x".utf8).write(to: folder.file("result"))
        #expect(try OutputPath(file).path == file)
    }

    @Test func anInputIsNeverReplacedUnderWhateverName() throws {
        let folder = try TemporaryFolder()
        let input = folder.file("input").path
        try Data("x".utf8).write(to: folder.file("input"))
        let link = folder.file("link").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "input")
        let hard = folder.file("hard").path
        try FileManager.default.linkItem(atPath: input, toPath: hard)
        for name in [input, link, hard, folder.url.path + "/./input"] {
            #expect(throws: OutputPathError.isInput(name)) { try OutputPath(name, inputs: [input]) }
        }
        // What is made only now is one file with the result too.
        let made = folder.file("made-later").path
        let other = folder.file(".").path + "/made-later"
        #expect(throws: OutputPathError.isInput(other)) { try OutputPath(other, inputs: [made]) }
        let early = folder.file("early").path
        try FileManager.default.createSymbolicLink(atPath: early, withDestinationPath: "made-later")
        #expect(throws: OutputPathError.isInput(early)) { try OutputPath(early, inputs: [made]) }
        #expect(throws: OutputPathError.isInput(made)) { try OutputPath(made, inputs: [early]) }
    }

    @Test func devicesAndFoldersAreRefused() throws {
        let folder = try TemporaryFolder()
        for name in ["/dev/null", "/dev/stdout", folder.url.path] {
            let error = #expect(throws: OutputPathError.self) { try OutputPath(name) }
            #expect(error == .notARegularFile(name))
        }
    }

    @Test func aLinkIsFollowedAndStays() throws {
        let folder = try TemporaryFolder()
        let link = folder.file("latest").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "day-1")
        #expect(try OutputPath(link).path == folder.file("day-1").path)
    }
}
