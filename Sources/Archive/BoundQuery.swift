import SQLite

/// The parameters of a query that is put together piece by piece: each has a number of its own, so that a piece may
/// stand in several places.
struct QueryParameters {
    private enum Value {
        case integer(Int64)
        case text(String)
    }

    private var values: [Value] = []

    /// How the parameter stands in the query.
    mutating func add(_ value: Int64) -> String {
        values.append(.integer(value))
        return "?\(values.count)"
    }

    mutating func add(_ value: String) -> String {
        values.append(.text(value))
        return "?\(values.count)"
    }

    func bind(_ statement: borrowing Statement) throws(SQLiteError) {
        for (index, value) in values.enumerated() {
            switch value {
            case .integer(let number): try statement.bind(index + 1, number)
            case .text(let text): try statement.bind(index + 1, text)
            }
        }
    }
}

/// A query with the values of its parameters.
struct BoundQuery {
    let sql: String
    let parameters: QueryParameters

    func prepare(_ connection: borrowing Connection) throws(SQLiteError) -> Statement {
        let statement = try connection.prepare(sql)
        try parameters.bind(statement)
        return statement
    }
}
