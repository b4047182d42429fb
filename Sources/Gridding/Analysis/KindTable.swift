/// Sums by cell, window and kind of sounding. Soundings mostly follow each other in one cell, which is looked up once.
struct KindTable: Sendable {
    let kinds: Int
    private var slots: [CellKey: Int] = [:]
    private var sums: [KindSums] = []
    private var last: (key: CellKey, slot: Int)?

    init(kinds: Int) { self.kinds = kinds }

    /// - Precondition: `kind < kinds`
    mutating func add(_ value: Double, kind: Int, at key: CellKey) {
        sums[slot(of: key) * kinds + kind].add(value)
    }

    private mutating func slot(of key: CellKey) -> Int {
        if let last, last.key == key { return last.slot }
        let slot = slots[key] ?? slots.count
        if slot == slots.count {
            slots[key] = slot
            sums += [KindSums](repeating: KindSums(), count: kinds)
        }
        last = (key, slot)
        return slot
    }

    mutating func merge(_ other: KindTable) {
        for (key, slot) in other.slots {
            let own = self.slot(of: key)
            for kind in 0..<kinds { sums[own * kinds + kind].add(other.sums[slot * kinds + kind]) }
        }
    }

    func holds(_ kind: Int) -> Bool {
        slots.values.contains { sums[$0 * kinds + kind].count > 0 }
    }

    /// Over all cells that hold both kinds.
    func contrast(_ first: Int, minus second: Int) -> CellContrast {
        var contrast = CellContrast()
        for slot in slots.values {
            contrast.add(sums[slot * kinds + first], minus: sums[slot * kinds + second])
        }
        return contrast
    }
}
