import Foundation
public import Quantities
public import Transport

/// What a search for sources is told beside its data. Every default is a physical one, none was fitted to releases.
public struct TraceSettings: Equatable, Sendable {
    /// What a plume adds to.
    public enum Background: Equatable, Sendable {
        /// Of each sensor, a low percentile of its window means, 0 to 50, within so many hours around.
        case percentile(Double, hours: Double)
        /// The same, and what the sensors that no candidate is upwind of differ from theirs at the time.
        case upwind(Double, hours: Double)
    }

    public var gas = Gas.ch4
    public var air: AmbientAir
    /// Length of the means that are compared with plumes, s.
    public var windowSeconds = 900.0
    /// Nil to find it from how much the wind turns, by the sigma-A method.
    public var stability: StabilityClass?
    public var roughnessMetres = 0.1
    public var background = Background.percentile(10, hours: 6)
    /// Standard deviation between the wind that carries the plume and the measured one: in degrees, once for each
    /// window and once for the whole event, as what obstacles do to it stays so; and as a part of the speed.
    /// Anemometers
    /// some 50 m apart among equipment differ by about so much.
    public var windDirectionError = 10.0
    public var windSpeedError = 0.1
    /// Geometric standard deviation of what the plume model predicts for a whole event. Chang and Hanna (2004),
    /// Meteorology and Atmospheric Physics 87, 167, call models good whose geometric variance is below 1.6, which is a
    /// standard deviation of a factor of two.
    public var modelFactor = 2.0
    /// Enhancement of a window over its noise that starts an event, and the one it goes on with.
    public var detectionLevel = 5.0
    public var continuationLevel = 3.0
    /// Windows without an enhancement that an event may hold, as the wind turns away and comes back, s.
    public var gapSeconds = 3600.0

    public init(air: AmbientAir) { self.air = air }

    /// Of a single window at a single sensor: the scatter of the model about an event's own factor, taken as large as
    /// that factor, as a relative standard deviation (that of a lognormal one).
    var scatter: Double { log(modelFactor) }

    /// Standard deviation of the logarithm of a rate that all windows of an event share.
    var commonLogDeviation: Double {
        let model = log(modelFactor)
        return (model * model + windSpeedError * windSpeedError).squareRoot()
    }
}
