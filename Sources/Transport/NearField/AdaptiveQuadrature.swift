/// An integral and a bound of its error.
struct Quadrature: Equatable, Sendable {
    var value = 0.0
    var error = 0.0
}

/// Integrates over pieces by the rule of Gauss and Kronrod with 15 points, halving the piece with the largest error
/// until the sum of the errors is within the tolerance of the integral or 400 pieces are made.
///
/// - Parameter points: ends of the pieces, in order; what the integrand does between two of them should be smooth.
func integrate(
    over points: [Double],
    relativeTolerance: Double,
    absoluteTolerance: Double = 0,
    _ function: (Double) -> Double
) -> Quadrature {
    var pieces: [(low: Double, high: Double, part: Quadrature)] = zip(points, points.dropFirst()).compactMap {
        $0 < $1 ? ($0, $1, kronrod($0, $1, function)) : nil
    }
    var total = Quadrature()
    while true {
        total = pieces.reduce(into: Quadrature()) {
            $0.value += $1.part.value
            $0.error += $1.part.error
        }
        let allowed = max(relativeTolerance * abs(total.value), absoluteTolerance)
        guard total.error > allowed, pieces.count < 400,
            let worst = pieces.indices.max(by: { pieces[$0].part.error < pieces[$1].part.error })
        else { return total }
        let (low, high, _) = pieces[worst]
        let middle = (low + high) / 2
        guard low < middle, middle < high else { return total }
        pieces[worst] = (low, middle, kronrod(low, middle, function))
        pieces.append((middle, high, kronrod(middle, high, function)))
    }
}

/// Abscissae of Kronrod's 15 points on 0...1, every second one of them Gauss's, and the weights of both (Piessens et
/// al. 1983, QUADPACK).
private let abscissae = [
    0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
    0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
    0.586087235467691130294144691693013, 0.405845151377397166906606412076961,
    0.207784955007898467600689403773245,
]
private let kronrodWeights = [
    0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
    0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
    0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
    0.204432940075298892414161999234649,
]
private let middleWeight = 0.209482141084727828012999174891714
private let gaussWeights = [
    0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
    0.381830050505118944950369775488975,
]
private let gaussMiddleWeight = 0.417959183673469387755102040816327

private func kronrod(_ low: Double, _ high: Double, _ function: (Double) -> Double) -> Quadrature {
    let (middle, half) = ((low + high) / 2, (high - low) / 2)
    let centre = function(middle)
    var fine = middleWeight * centre
    var coarse = gaussMiddleWeight * centre
    for index in abscissae.indices {
        let sum = function(middle - half * abscissae[index]) + function(middle + half * abscissae[index])
        fine += kronrodWeights[index] * sum
        if index % 2 == 1 { coarse += gaussWeights[index / 2] * sum }
    }
    return Quadrature(value: fine * half, error: abs(fine - coarse) * half)
}
