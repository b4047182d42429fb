import Formats
import Geo
import JSON
import Observations
import Quantities

/// Gathers the numbers of one moment under what they mean.
struct ChannelValues {
    /// Gas weighed in a volume, to be completed when temperature and pressure are known.
    private struct Mass {
        /// Among the values.
        let place: Int
        let milligramsPerCubicMetre: Double
        let standardUncertainty: Double?
    }

    private var values: [MeasuredValue] = []
    private var masses: [Mass] = []
    private(set) var conditions = Conditions()
    private var longitude: Double?
    private var latitude: Double?
    private var altitude: Double?
    private var datum = PositionDatum.wgs84

    var hasGas: Bool { !values.isEmpty }

    var isEmpty: Bool {
        values.isEmpty && conditions.isEmpty && longitude == nil && latitude == nil && altitude == nil
    }

    /// Adds a number; nil is one that the device reports as missing.
    mutating func add(
        _ number: Double?,
        _ channel: PayloadChannel,
        uncertainty: Double? = nil,
        verdict: QualityVerdict? = nil
    ) {
        let value = number.map(channel.value)
        switch channel.meaning {
        case .gas(let gas, let unit):
            let scaled = uncertainty.map { $0 * channel.scale.magnitude }
            add(
                MeasuredValue(
                    gas: gas,
                    value: value,
                    standardUncertainty: scaled,
                    unit: unit,
                    verdict: verdict
                )
            )
        case .gasMass(let gas): addMass(gas, value, uncertainty.map { $0 * channel.scale.magnitude }, verdict)
        case .condition(let name):
            if let value, conditions[name] == nil { conditions.append(name, value) }
        case .longitude: (longitude, datum) = (value, channel.datum)
        case .latitude: (latitude, datum) = (value, channel.datum)
        case .altitude: altitude = value
        }
    }

    /// Of a gas that is there twice the first counts.
    mutating func add(_ value: MeasuredValue) {
        if !values.contains(where: { $0.gas == value.gas }) { values.append(value) }
    }

    private mutating func addMass(
        _ gas: Gas,
        _ milligrams: Double?,
        _ uncertainty: Double?,
        _ verdict: QualityVerdict?
    ) {
        let place = values.count
        add(MeasuredValue(gas: gas, value: nil, unit: .partsPerMillion, verdict: verdict))
        guard let milligrams, place < values.count else { return }
        masses.append(
            Mass(place: place, milligramsPerCubicMetre: milligrams, standardUncertainty: uncertainty)
        )
    }

    /// A gas whose number cannot be read spoils only the observations that need it; a coordinate spoils all.
    mutating func add(_ problem: ObservationProblem, _ channel: PayloadChannel) throws(ObservationProblem) {
        switch channel.meaning {
        case .gas(let gas, _), .gasMass(let gas):
            var value = MeasuredValue(gas: gas, value: nil)
            value.problem = problem
            add(value)
        case .condition: return
        case .longitude, .latitude, .altitude: throw problem
        }
    }

    /// Adds an element that ought to be a number.
    mutating func add(
        _ element: JSONElement,
        _ channel: PayloadChannel,
        name: String,
        readsText: Bool = true
    ) throws(ObservationProblem) {
        do {
            add(try readNumber(element, name, readsText: readsText), channel)
        } catch {
            try add(error, channel)
        }
    }

    /// - Parameter datum: of the coordinates; nil for that of their channels.
    func observation(
        device: String?,
        time: Instant,
        datum: PositionDatum? = nil,
        bottle: String? = nil
    ) throws(ObservationProblem) -> Observation {
        Observation(
            device: device,
            time: time,
            values: masses.isEmpty ? values : completedValues(),
            position: try ReportedPosition(
                longitude: longitude,
                latitude: latitude,
                altitudeMetres: altitude,
                datum: datum ?? self.datum
            ),
            conditions: conditions,
            bottle: bottle
        )
    }

    /// Mass in a volume as mole fraction of the air that the payload describes.
    private func completedValues() -> [MeasuredValue] {
        var values = values
        for mass in masses {
            let factor = conditions["t"].flatMap { temperature in
                conditions["p"].flatMap { pressure in
                    values[mass.place].gas.partsPerMillionOfMilligramPerCubicMetre(
                        temperatureKelvin: temperature + 273.15,
                        pressureHectopascal: pressure
                    )
                }
            }
            guard let factor else {
                let words = "mass in a volume needs `t` and `p` of the air"
                values[mass.place].problem = ObservationProblem(.missingState, words)
                continue
            }
            values[mass.place].value = mass.milligramsPerCubicMetre * factor
            values[mass.place].standardUncertainty = mass.standardUncertainty.map { $0 * factor }
        }
        return values
    }
}

/// Whether a number is one that stands for none; loggers round -999.99 in their own way.
func isMarker(_ number: Double, among markers: [Double]) -> Bool {
    markers.contains { (number - $0).magnitude <= 1e-9 * max(1, $0.magnitude) }
}

extension ReportedPosition {
    init(
        longitude: Double?,
        latitude: Double?,
        altitudeMetres: Double?,
        datum: PositionDatum
    ) throws(ObservationProblem) {
        try self.init(longitude: longitude, latitude: latitude, altitudeMetres: altitudeMetres)
        guard datum != .wgs84, case .at(let stated) = self else { return }
        let place = datum.worldPosition(
            longitude: stated.longitude,
            latitude: stated.latitude,
            altitudeMetres: altitudeMetres
        )
        self = place.map { .at($0) } ?? .impossible
    }
}

/// A number, or one in quotes where the device writes them so. Nil for `null`.
func readNumber(
    _ element: JSONElement,
    _ name: String,
    readsText: Bool
) throws(ObservationProblem) -> Double? {
    guard readsText, element.kind == .string else { return try readNumber(element) { name } }
    // What `Double` takes beyond decimal digits (hexadecimal, infinities) no device means.
    guard let text = element.text, text.utf8.count <= 64, text.utf8.allSatisfy(isDecimal),
        let number = Double(text)
    else { throw ObservationProblem(.notANumber, name) }
    guard number.isFinite else { throw ObservationProblem(.notFinite, name) }
    return number
}

private func isDecimal(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || "+-.eE".utf8.contains(byte)
}

/// The text of a string, or the digits of a whole number: what a device calls itself. Nil for other kinds.
func identifier(_ element: JSONElement?) -> String? {
    guard let element else { return nil }
    return element.text ?? element.wholeNumber.map { "\($0)" }
}

/// Milliseconds or other units since 1970, in the years that we can write.
func instant(unix element: JSONElement, unitMicroseconds: Int64) throws(ObservationProblem) -> Instant {
    guard let number = try readNumber(element, "time", readsText: true) else {
        throw ObservationProblem(.missingTime, "the time is null")
    }
    if let whole = element.wholeNumber {
        let (microseconds, overflow) = whole.multipliedReportingOverflow(by: unitMicroseconds)
        let time = Instant(microseconds: microseconds)
        if !overflow, Instant(secondsSince1970: time.secondsSince1970) != nil { return time }
    } else if let time = Instant(secondsSince1970: number * (Double(unitMicroseconds) / 1e6)) {
        return time
    }
    throw ObservationProblem(.unreadableTime, "\(number)")
}
