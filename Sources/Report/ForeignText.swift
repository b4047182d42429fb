import Quantities

extension ReportContext {
    /// A text on the page, marked with its language where that is not the page's: citations and licences stand as
    /// they were printed, and a reader's browser and voice must know.
    func phrase(_ name: LocalizedName) -> HTML {
        let text = text(name)
        let whole = Self.withWholeDates(text)
        guard let other = ForeignText.language(of: text), other != language else { return whole }
        return #"<span lang="\#(other.rawValue)">\#(whole)</span>"#
    }

    /// A browser may break a line at a hyphen; a date in a narrow column stays in one.
    private static func withWholeDates(_ text: String) -> HTML {
        var rest = text[...]
        var page: HTML = ""
        while let date = rest.firstMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) {
            let before = String(rest[..<date.range.lowerBound])
            page += #"\#(before)<span class="date">\#(String(date.output))</span>"#
            rest = rest[date.range.upperBound...]
        }
        return page + "\(String(rest))"
    }
}

/// Which of the two languages a text is in.
enum ForeignText {
    /// Chinese where it holds Chinese characters, English where it has words and none; nil for names, formulae and
    /// numbers, which are the same in both. A citation of both is Chinese where that is most of it, a word
    /// counting as two characters, and else belongs to either page.
    static func language(of text: String) -> Language? {
        let characters = text.unicodeScalars.count { (0x4E00...0x9FFF).contains($0.value) }
        let words = words(text)
        if characters > 0 { return 2 * words >= characters ? nil : .chinese }
        return words >= 2 ? .english : nil
    }

    /// Words of ordinary prose: three letters or more, small after the first. `OpenBLAS` and `SHA256` are none.
    private static func words(_ text: String) -> Int {
        text.split { !$0.isLetter }.count { word in
            word.count >= 3 && word.allSatisfy(\.isASCII) && word.dropFirst().allSatisfy(\.isLowercase)
        }
    }
}
