import Foundation

/// Discrete Fourier transforms of many sequences at once, of a length that is a power of two, by the self-sorting
/// algorithm of Stockham (Van Loan 1992, Computational Frameworks for the Fast Fourier Transform, section 1.7).
///
/// Element i of sequence k is at i · width + k, so that the innermost loops run over neighbours.
public struct FourierTransform: Sendable {
    public let length: Int
    /// exp(-2πi j / length).
    private let cosines: [Double]
    private let sines: [Double]

    /// - Precondition: a positive power of two.
    public init(length: Int) {
        precondition(length > 0 && length & (length - 1) == 0, "the length is no power of two")
        self.length = length
        let angles = (0..<max(1, length / 2)).map { -2 * Double.pi * Double($0) / Double(length) }
        cosines = angles.map { cos($0) }
        sines = angles.map { sin($0) }
    }

    /// Replaces real and imaginary parts of `width` sequences by Σ xⱼ exp(∓2πi jk / length), without a factor.
    public func transform(
        real: inout [Double],
        imaginary: inout [Double],
        width: Int,
        inverse: Bool = false
    ) {
        precondition(real.count == length * width && imaginary.count == real.count, "sequences do not fit")
        var otherReal = real
        var otherImaginary = imaginary
        var half = length / 2
        var run = width
        while half > 0 {
            pass(real, imaginary, to: &otherReal, &otherImaginary, half: half, run: run, inverse: inverse)
            swap(&real, &otherReal)
            swap(&imaginary, &otherImaginary)
            half /= 2
            run *= 2
        }
    }

    // Pointers, because the bounds checks of eight accesses take longer than the arithmetic between them.
    private func pass(
        _ real: [Double],
        _ imaginary: [Double],
        to newReal: inout [Double],
        _ newImaginary: inout [Double],
        half: Int,
        run: Int,
        inverse: Bool
    ) {
        let stride = length / (2 * half)
        real.withUnsafeBufferPointer { real in
            imaginary.withUnsafeBufferPointer { imaginary in
                newReal.withUnsafeMutableBufferPointer { newReal in
                    newImaginary.withUnsafeMutableBufferPointer { newImaginary in
                        for group in 0..<half {
                            let cosine = cosines[group * stride]
                            let sine = inverse ? -sines[group * stride] : sines[group * stride]
                            let (low, high) = (group * run, (group + half) * run)
                            let target = 2 * group * run
                            for index in 0..<run {
                                let (a, b) = (real[low + index], imaginary[low + index])
                                let (c, d) = (real[high + index], imaginary[high + index])
                                newReal[target + index] = a + c
                                newImaginary[target + index] = b + d
                                newReal[target + run + index] = (a - c) * cosine - (b - d) * sine
                                newImaginary[target + run + index] = (a - c) * sine + (b - d) * cosine
                            }
                        }
                    }
                }
            }
        }
    }
}
