import Foundation

/// Enhancements of an event, window by window.
struct EventData: Sendable {
    /// ppm.
    var enhancements: [Double]
    var deviations: [Double]
    /// Rows of each window.
    let windows: [Range<Int>]
    /// Number of the sensor of each row.
    let sensors: [Int]

    var count: Int { enhancements.count }

    /// The next row of the same sensor, of each row.
    var successors: [Int?] {
        var successors = [Int?](repeating: nil, count: count)
        var last: [Int: Int] = [:]
        for row in 0..<count {
            if let before = last[sensors[row]] { successors[before] = row }
            last[sensors[row]] = row
        }
        return successors
    }
}

/// Covariance of what a model that predicts some enhancements gets wrong, within each window: noise, the scatter of the
/// model about each of them, and the error of the wind direction, which is common to the sensors. The latter has two
/// parts, so that it is inverted in closed form (Sherman, Morrison and Woodbury).
struct WindowCovariance {
    let weights: [Double]
    let first: [Double]
    let second: [Double]
    /// Inverse of 1 + U'WU, its upper triangle.
    private let inverse: (Double, Double, Double)
    let logDeterminant: Double

    /// - Parameters:
    ///   - rows: of the window.
    ///   - predicted: over the whole event, what sources add.
    init(_ data: EventData, _ rows: Range<Int>, _ predicted: [Sensitivity], scatter: Double) {
        var (weights, first, second) = ([Double](), [Double](), [Double]())
        var (uu, uv, vv, sum) = (1.0, 0.0, 1.0, 0.0)
        for row in rows {
            let model = scatter * predicted[row].mean
            let variance = data.deviations[row] * data.deviations[row] + model * model
            let (u, v) = predicted[row].parts
            weights.append(1 / variance)
            first.append(u)
            second.append(v)
            uu += u * u / variance
            uv += u * v / variance
            vv += v * v / variance
            sum += log(variance)
        }
        let determinant = uu * vv - uv * uv
        (self.weights, self.first, self.second) = (weights, first, second)
        inverse = (vv / determinant, -uv / determinant, uu / determinant)
        logDeterminant = sum + log(determinant)
    }

    /// x' V^-1 y.
    func product(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
        var (direct, ux, vx, uy, vy) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (index, weight) in weights.enumerated() {
            let (left, right) = (x[x.startIndex + index] * weight, y[y.startIndex + index] * weight)
            direct += left * y[y.startIndex + index]
            ux += first[index] * left
            vx += second[index] * left
            uy += first[index] * right
            vy += second[index] * right
        }
        let (a, b, c) = inverse
        return direct - (ux * (a * uy + b * vy) + vx * (b * uy + c * vy))
    }
}
