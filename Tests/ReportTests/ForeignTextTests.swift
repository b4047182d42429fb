import Quantities
import Testing

@testable import Report

@Suite struct ForeignTextTests {
    @Test(
        arguments: [
            ("CoCO2 global point sources v1.1 (CC BY 4.0), units of China", Language.english),
            ("2006 IPCC Guidelines, Volume 2", .english),
            ("NDRC guidelines, other industries (工业其他行业)", nil),
            ("国家目标（以上）", .chinese), ("0.5810 kg CO₂/kWh，全国平均（MEE 2022）", .chinese),
        ] as [(String, Language?)]
    )
    func proseHasALanguage(text: String, language: Language?) {
        #expect(ForeignText.language(of: text) == language)
    }

    @Test(arguments: [
        "", "Mt CO₂ yr⁻¹", "10⁴ t CO₂", "ipcc-2006 2006", "crosswind 0.7.0", "EDGAR v7", "OpenBLAS SkylakeX",
        "9f86d081884c7d659a2feaa0c55ad015",
    ])
    func namesAndUnitsHaveNone(text: String) { #expect(ForeignText.language(of: text) == nil) }

    @Test func aCitationIsMarkedOnThePageOfTheOtherLanguage() {
        let credit = LocalizedName(english: "units of <China>, licence")
        let chinese = ReportContext(language: .chinese).phrase(credit).markup
        #expect(chinese == #"<span lang="en">units of &lt;China&gt;, licence</span>"#)
        #expect(ReportContext(language: .english).phrase(credit).markup == "units of &lt;China&gt;, licence")
        let both = LocalizedName(english: "national target", chinese: "国家目标")
        #expect(ReportContext(language: .chinese).phrase(both).markup == "国家目标")
        #expect(ReportContext(language: .english).phrase("国家目标").markup == #"<span lang="zh">国家目标</span>"#)
    }
}
