import Foundation

/// The discrete Fourier transform of a real series whose length is a power of two.
///
/// Radix 2, in place (Cooley and Tukey 1965). The curve fit pads its series to a power of two, so that nothing
/// more general is needed; of the libraries at hand FFTW is under the GPL and Kiss FFT in single precision.
struct FourierTransform {
    let count: Int
    /// exp(-2πi k / count) for the first half of k.
    private let cosines: [Double]
    private let sines: [Double]

    /// - Precondition: the count is a power of two.
    init(count: Int) {
        precondition(count > 0 && count & (count - 1) == 0, "the length is not a power of two")
        self.count = count
        let angles = (0..<count / 2).map { 2 * Double.pi * Double($0) / Double(count) }
        cosines = angles.map { cos($0) }
        sines = angles.map { -sin($0) }
    }

    /// The smallest power of two that is not below a length.
    static func paddedCount(_ length: Int) -> Int {
        var padded = 1
        while padded < length { padded *= 2 }
        return padded
    }

    /// The series with each frequency k / count, k = 0 ... count / 2, multiplied by a real factor.
    func filtered(_ series: [Double], by response: (Int) -> Double) -> [Double] {
        precondition(series.count == count, "series does not fit the transform")
        var real = series
        var imaginary = [Double](repeating: 0, count: count)
        transform(&real, &imaginary)
        for index in 0...count / 2 {
            let factor = response(index) / Double(count)
            for place in index == 0 || 2 * index == count ? [index] : [index, count - index] {
                real[place] *= factor
                imaginary[place] *= factor
            }
        }
        // The transform with exchanged parts is the inverse with exchanged parts.
        transform(&imaginary, &real)
        return real
    }

    private func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
        reverseBits(&real, &imaginary)
        var half = 1
        while half < count {
            let step = count / (2 * half)
            for start in stride(from: 0, to: count, by: 2 * half) {
                for offset in 0..<half {
                    let (low, high) = (start + offset, start + offset + half)
                    let (c, s) = (cosines[offset * step], sines[offset * step])
                    let turnedReal = real[high] * c - imaginary[high] * s
                    let turnedImaginary = real[high] * s + imaginary[high] * c
                    real[high] = real[low] - turnedReal
                    imaginary[high] = imaginary[low] - turnedImaginary
                    real[low] += turnedReal
                    imaginary[low] += turnedImaginary
                }
            }
            half *= 2
        }
    }

    private func reverseBits(_ real: inout [Double], _ imaginary: inout [Double]) {
        var reversed = 0
        for index in 1..<max(1, count) {
            var bit = count >> 1
            while reversed & bit != 0 {
                reversed ^= bit
                bit >>= 1
            }
            reversed |= bit
            if index < reversed {
                real.swapAt(index, reversed)
                imaginary.swapAt(index, reversed)
            }
        }
    }
}
