import CPROJ

/// Between longitude and latitude on WGS 84, degrees, and the coordinates of a projected system, metres.
///
/// A value of its own for each thread: what the library keeps for it must not be shared. It takes about 60
/// microseconds to make, so that a loop over many points should make one and a point should not.
public struct PlaneTransformation: ~Copyable {
    private let object: ProjectionObject
    private let context: ProjectionContext

    /// - Parameter operation: ``ProjectedSystem/operation``.
    /// - Throws: ``PROJError/noTransformation(_:)``
    public init(_ operation: String) throws(PROJError) {
        guard let context = ProjectionContext(),
            let object = ProjectionObject(proj_create(context.pointer, operation))
        else { throw .noTransformation(operation) }
        self.context = context
        self.object = object
    }

    /// Brings longitudes and latitudes to coordinates in the plane; NaN where there are none.
    ///
    /// - Precondition: both arrays are of one length.
    public func forward(_ longitudes: inout [Double], _ latitudes: inout [Double]) {
        transform(&longitudes, &latitudes, PJ_FWD)
    }

    /// Brings coordinates in the plane to longitudes, -180...180, and latitudes; NaN where there are none.
    ///
    /// - Precondition: both arrays are of one length.
    public func inverse(_ x: inout [Double], _ y: inout [Double]) { transform(&x, &y, PJ_INV) }

    private func transform(_ first: inout [Double], _ second: inout [Double], _ direction: PJ_DIRECTION) {
        precondition(first.count == second.count, "coordinates of another length")
        // The library takes infinity, and nothing else, as no number.
        for index in first.indices where !(first[index].isFinite && second[index].isFinite) {
            (first[index], second[index]) = (.infinity, .infinity)
        }
        let (count, stride) = (first.count, MemoryLayout<Double>.stride)
        first.withUnsafeMutableBufferPointer { first in
            second.withUnsafeMutableBufferPointer { second in
                _ = proj_trans_generic(
                    object.pointer,
                    direction,
                    first.baseAddress,
                    stride,
                    count,
                    second.baseAddress,
                    stride,
                    count,
                    nil,
                    0,
                    0,
                    nil,
                    0,
                    0
                )
            }
        }
        for index in first.indices where !(first[index].isFinite && second[index].isFinite) {
            (first[index], second[index]) = (.nan, .nan)
        }
    }
}
