/// Cells of one colour class as few rectangles: runs along a row, continued downwards where the next row has
/// the same run. Keeps a map of 100,000 cells well under a megabyte.
struct RasterPaths {
    private struct Run: Hashable {
        let column: Int
        let length: Int
        let colourClass: Int
    }

    /// SVG path data in cell units for each colour class that occurs, ascending.
    let paths: [(colourClass: Int, path: String)]

    /// - Parameter classes: row-major from the top, -1 for a cell that is not drawn.
    /// - Precondition: `classes.count == rows * columns`.
    init(classes: [Int], rows: Int, columns: Int) {
        precondition(classes.count == rows * columns, "raster of the wrong size")
        var open: [Run: Int] = [:]
        var finished: [(run: Run, top: Int, bottom: Int)] = []
        for row in 0...rows {
            let runs = row < rows ? Self.runs(classes[(row * columns)..<((row + 1) * columns)]) : []
            let kept = Set(runs)
            for (run, top) in open where !kept.contains(run) {
                finished.append((run, top, row))
            }
            open = Dictionary(uniqueKeysWithValues: runs.map { ($0, open[$0] ?? row) })
        }
        // The order of a dictionary differs from run to run; that of the page must not.
        finished.sort {
            ($0.run.colourClass, $0.top, $0.run.column) < ($1.run.colourClass, $1.top, $1.run.column)
        }
        var byClass: [(colourClass: Int, path: String)] = []
        for (run, top, bottom) in finished {
            if byClass.last?.colourClass != run.colourClass { byClass.append((run.colourClass, "")) }
            byClass[byClass.count - 1].path +=
                "M\(run.column) \(top)h\(run.length)v\(bottom - top)h-\(run.length)z"
        }
        paths = byClass
    }

    private static func runs(_ row: ArraySlice<Int>) -> [Run] {
        var runs: [Run] = []
        var start = row.startIndex
        while start < row.endIndex {
            let colourClass = row[start]
            var end = start
            while end < row.endIndex, row[end] == colourClass { end += 1 }
            if colourClass >= 0 {
                runs.append(
                    Run(column: start - row.startIndex, length: end - start, colourClass: colourClass)
                )
            }
            start = end
        }
        return runs
    }

    func drawing(colours: [String]) -> HTML {
        paths.map { entry -> HTML in
            #"<path fill="\#(colours[min(entry.colourClass, colours.count - 1)])" d="\#(entry.path)"/>"#
        }
        .joined("\n")
    }
}
