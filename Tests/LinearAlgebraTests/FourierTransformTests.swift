import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct FourierTransformTests {
    @Test(arguments: [1, 2, 4, 8, 32]) func itIsTheSumOfItsDefinition(length: Int) {
        let width = 3
        var random = SeededGenerator(seed: UInt64(length))
        let real = (0..<(length * width)).map { _ in random.normal() }
        let imaginary = (0..<(length * width)).map { _ in random.normal() }
        var (newReal, newImaginary) = (real, imaginary)
        let transform = FourierTransform(length: length)
        transform.transform(real: &newReal, imaginary: &newImaginary, width: width)
        for frequency in 0..<length {
            for sequence in 0..<width {
                var sum = (0.0, 0.0)
                for index in 0..<length {
                    let angle = -2 * Double.pi * Double(index * frequency) / Double(length)
                    let (a, b) = (real[index * width + sequence], imaginary[index * width + sequence])
                    sum.0 += a * cos(angle) - b * sin(angle)
                    sum.1 += a * sin(angle) + b * cos(angle)
                }
                #expect(abs(newReal[frequency * width + sequence] - sum.0) < 1e-12)
                #expect(abs(newImaginary[frequency * width + sequence] - sum.1) < 1e-12)
            }
        }
        transform.transform(real: &newReal, imaginary: &newImaginary, width: width, inverse: true)
        #expect(zip(newReal, real).allSatisfy { abs($0 / Double(length) - $1) < 1e-13 })
        #expect(zip(newImaginary, imaginary).allSatisfy { abs($0 / Double(length) - $1) < 1e-13 })
    }
}
