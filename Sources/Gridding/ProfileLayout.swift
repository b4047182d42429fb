/// Where the sums over profiles of a cell lie: Σ w h for each level, then Σ w h a, then Σ w h a xa, with pressure
/// weight h, averaging kernel a and prior xa, and at last Σ w p for each pressure.
struct ProfileLayout: Equatable, Sendable {
    let levels: Int
    let pressures: Int

    static let sumsOfLevel = 3

    var stride: Int { Self.sumsOfLevel * levels + pressures }

    func weight(_ level: Int) -> Int { level }
    func kernel(_ level: Int) -> Int { levels + level }
    func prior(_ level: Int) -> Int { 2 * levels + level }
    func pressure(_ index: Int) -> Int { Self.sumsOfLevel * levels + index }

    /// A sum counts in units of 2 to the minus this, so chosen that the sums of a few dozen soundings, and with them
    /// those of nearly all cells of a fine grid, fit 64 bits: weights and kernels up to 128, priors up to 8192 and
    /// pressures up to 524288. A cell that is covered to a millionth keeps nine digits.
    func fractionBits(_ place: Int) -> Int { place < 2 * levels ? 56 : place < 3 * levels ? 50 : 44 }

    /// All places, level by level and then the pressures: the order in which sums are stored in files.
    var storedOrder: [Int] {
        (0..<levels).flatMap { [weight($0), kernel($0), prior($0)] } + (0..<pressures).map { pressure($0) }
    }
}
