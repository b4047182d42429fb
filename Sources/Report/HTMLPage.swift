import Quantities

/// The frame of every page: head, style, header, sections and the line of the software at the foot.
struct HTMLPage {
    let title: String
    /// Name and version of the program.
    let software: String
    /// The style sheet, whole.
    var style = ReportStyle.sheet
    let header: HTML
    let sections: [HTML]
    /// Where the inputs stand.
    var footer = Message.generatedBy

    func markup(_ context: ReportContext, language: Language) -> String {
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="\(language == .chinese ? "zh-CN" : "en")">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="generator" content="\(software)">
            <title>\(title)</title>
            <style>
            \(style)
            </style>
            </head>
            <body>
            \(header)
            <main>
            \(sections)
            </main>
            <footer>\(context.text(footer, software))</footer>
            </body>
            </html>

            """
        return page.markup
    }
}
