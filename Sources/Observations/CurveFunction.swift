import Foundation
import LinearAlgebra

/// What a curve fit is made of.
public struct CurveFitSettings: Equatable, Sendable {
    /// Terms of the polynomial: 3 for a parabola.
    public var polynomialTerms = 3
    /// Harmonics of the year.
    public var harmonics = 4
    /// Half-response period of the filter that gives the smooth curve, days.
    public var shortTermCutoffDays = 80.0
    /// Half-response period of the filter that gives the trend, days.
    public var longTermCutoffDays = 667.0

    public init() {}

    var parameterCount: Int { polynomialTerms + 2 * harmonics }
}

/// A polynomial and harmonics of the year, fitted by least squares with equal weights:
/// f(t) = Σ a_k τ^k + Σ b_k sin 2πkτ + c_k cos 2πkτ, with τ in years since `timeZero`.
public struct CurveFunction: Equatable, Sendable {
    /// The year in which τ = 0.
    public let timeZero: Double
    public let polynomialTerms: Int
    /// a_0, a_1, ..., then b_1, c_1, b_2, c_2, ...; ppm, per year to the power of the term.
    public let parameters: [Double]
    /// The inverse of the normal matrix in the scaled terms below; with the residual variance it gives the
    /// covariance of the fit.
    private let inverseNormal: Matrix
    /// The polynomial is solved in (τ - centre) / halfSpan, where its terms are nearly independent.
    private let centre: Double
    private let halfSpan: Double

    /// - Parameters:
    ///   - years: decimal years.
    ///   - values: ppm, one for each time.
    init(
        years: [Double],
        values: [Double],
        timeZero: Double,
        _ settings: CurveFitSettings
    ) throws(CurveFitError) {
        self.timeZero = timeZero
        polynomialTerms = settings.polynomialTerms
        let first = (years.first ?? 0) - timeZero
        let last = (years.last ?? 0) - timeZero
        centre = (first + last) / 2
        halfSpan = max((last - first) / 2, .leastNonzeroMagnitude)
        let count = settings.parameterCount
        // Values relative to the first: a constant far from zero costs no digits.
        let origin = values.first ?? 0
        var normal = Matrix(rows: count, columns: count)
        var moments = [Double](repeating: 0, count: count)
        for (year, value) in zip(years, values) {
            let terms = Self.terms(at: year - timeZero, settings, centre, halfSpan)
            for row in 0..<count {
                moments[row] += terms[row] * (value - origin)
                for column in 0...row { normal[row, column] += terms[row] * terms[column] }
            }
        }
        let factor: Cholesky
        do { factor = try Cholesky(factoring: normal) } catch { throw .indeterminate }
        inverseNormal = factor.inverse()
        var scaled = factor.solve(moments)
        scaled[0] += origin
        parameters =
            Self.expanded(Array(scaled.prefix(polynomialTerms)), centre, halfSpan)
            + scaled.dropFirst(polynomialTerms)
    }

    /// The whole function, ppm.
    public func value(at year: Double) -> Double { polynomial(at: year) + harmonics(at: year) }

    /// The polynomial alone, ppm.
    public func polynomial(at year: Double) -> Double {
        parameters.prefix(polynomialTerms).reversed().reduce(0) { $0 * (year - timeZero) + $1 }
    }

    /// The seasonal cycle of the function, ppm.
    public func harmonics(at year: Double) -> Double {
        var sum = 0.0
        for index in stride(from: polynomialTerms, to: parameters.count - 1, by: 2) {
            let angle = Self.angle((index - polynomialTerms) / 2 + 1, year - timeZero)
            sum += parameters[index] * sin(angle) + parameters[index + 1] * cos(angle)
        }
        return sum
    }

    /// The variance of the fitted function at a time for a unit residual variance of independent residuals.
    func varianceFactor(at year: Double) -> Double {
        var settings = CurveFitSettings()
        settings.polynomialTerms = polynomialTerms
        settings.harmonics = (parameters.count - polynomialTerms) / 2
        let terms = Self.terms(at: year - timeZero, settings, centre, halfSpan)
        var sum = 0.0
        for row in terms.indices {
            for column in terms.indices { sum += terms[row] * inverseNormal[row, column] * terms[column] }
        }
        return sum
    }
}

extension CurveFunction {
    private static func angle(_ harmonic: Int, _ time: Double) -> Double {
        2 * Double.pi * Double(harmonic) * time
    }

    private static func terms(
        at time: Double,
        _ settings: CurveFitSettings,
        _ centre: Double,
        _ halfSpan: Double
    ) -> [Double] {
        var terms: [Double] = []
        terms.reserveCapacity(settings.parameterCount)
        var power = 1.0
        for _ in 0..<settings.polynomialTerms {
            terms.append(power)
            power *= (time - centre) / halfSpan
        }
        for harmonic in 0..<settings.harmonics {
            let angle = angle(harmonic + 1, time)
            terms += [sin(angle), cos(angle)]
        }
        return terms
    }

    /// The coefficients in powers of τ of a polynomial in (τ - centre) / halfSpan, by Horner's scheme.
    private static func expanded(_ scaled: [Double], _ centre: Double, _ halfSpan: Double) -> [Double] {
        var result = [Double](repeating: 0, count: scaled.count)
        for coefficient in scaled.reversed() {
            for power in result.indices.reversed() {
                let below = power > 0 ? result[power - 1] : 0
                result[power] = (below - centre * result[power]) / halfSpan
            }
            result[0] += coefficient
        }
        return result
    }
}
