import Foundation

func logarithm(_ value: Double) -> Double { log(value) }
func cosine(_ radians: Double) -> Double { cos(radians) }
