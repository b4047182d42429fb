import Quantities
import Testing

@testable import Report

@Suite struct MessagesTests {
    /// Symbols that read the same in both languages.
    static let shared: Set<Message> = [.sha256, .scaleLabel]

    @Test(arguments: Message.allCases)
    func everyMessageExistsInBothLanguages(message: Message) throws {
        let text = try #require(Message.texts[message])
        #expect(!text.english.isEmpty)
        #expect(!text.chinese.isEmpty)
        let hasHan = text.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
        let isSwapped = message == .otherLanguage
        #expect(hasHan != isSwapped || Self.shared.contains(message))
        #expect(placeholders(text.english) == placeholders(text.chinese))
    }

    @Test func sectionsOfTheTableDoNotOverlap() {
        let sections = [
            Message.headerTexts, Message.resultsTexts, Message.comparisonTexts, Message.mapTexts,
            Message.fitTexts, Message.qualityTexts, Message.solverTexts,
        ]
        #expect(sections.map(\.count).reduce(0, +) == Message.allCases.count)
    }

    @Test func placeholdersAreFilledInOrder() {
        let context = ReportContext(language: .english)
        #expect(context.text(.scaleLabel, "100", "52°N") == "100 km at 52°N")
        #expect(ReportContext(language: .chinese).text(.scaleLabel, "100", "52°N") == "100 km（52°N）")
        #expect(context.text(.credit, "{0}{1}") == "Boundaries: {0}{1}")
    }

    private func placeholders(_ text: String) -> [Bool] {
        (0..<4).map { text.contains("{\($0)}") }
    }
}
