import Foundation

/// Half the logarithm of a ratio of determinants, in bits.
func bits(_ logDeterminantRatio: Double) -> Double { logDeterminantRatio / (2 * log(2.0)) }

let logarithmOfTwoPi = log(2 * Double.pi)
