import Formats
import Geo
import Observations
import Quantities

@testable import Ingest

/// Frames as loggers send them.
enum HJ212Samples {
    static let device = "010000A8900016F000169DC0"

    /// Examples in circulation, with the CRC that their senders computed.
    static let published = [
        "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80",
        "##0087QN=20160801085000001;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&C241",
        """
        ##0453QN=20160801085000001;ST=22;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=7;CP=&&\
        DataTime=20160801084000;a21005-Rtd=1.1,a21005-Flag=N;a21004-Rtd=112,a21004-Flag=N;a21026-Rtd=58,\
        a21026-Flag=N;LA-td=50.1,LA-Flag=N;a34004-Rtd=207,a34004-Flag=N;a34002-Rtd=295,a34002-Flag=N;\
        a01001-Rtd=12.6,a01001-Flag=N;a01002-Rtd=32,a01002-Flag=N;a01006-Rtd=101.02,a01006-Flag=N;\
        a01007-Rtd=2.1,a01007-Flag=N;a01008-Rtd=120,a01008-Flag=N;a34001-Rtd=217,a34001-Flag=N;&&c0c1
        """,
        """
        ##0249QN=20180507000558;ST=39;CN=2011;PW=123456;MN=010000A00000000000A00654;CP=&&\
        DataTime=20180507000558;a01001-Rtd=26.0,a01001-Flag=N;a01002-Rtd=30.4,a01002-Flag=N;a34001-Rtd=0.0,\
        a34001-Flag=N;a34002-Rtd=24.0,a34002-Flag=N;a34004-Rtd=23.0,a34004-Flag=N&&D801
        """,
    ]

    static let configuration = HJ212Description(channels: [
        "a05001": PayloadChannel(.gas(.co2, unit: .partsPerMillion)),
        "a05002": PayloadChannel(.gas(.ch4, unit: .partsPerBillion)),
        "Lng": PayloadChannel(.longitude),
        "Lat": PayloadChannel(.latitude),
    ])

    /// A frame with a data area and any head.
    static func frame(
        _ content: String,
        request: String = "20250301120000000",
        command: Int = 2011,
        device: String = device,
        flag: Int = 5,
        parts: String = ""
    ) -> [UInt8] {
        HJ212Reply.encoded(
            "QN=\(request);ST=22;CN=\(command);PW=123456;MN=\(device);Flag=\(flag);\(parts)CP=&&\(content)&&"
        ) ?? []
    }

    /// Carbon dioxide of a moment.
    static func carbonDioxide(_ value: String, at time: String = "20250301120000") -> String {
        "DataTime=\(time);a05001-Rtd=\(value),a05001-Flag=N"
    }

    static func decode(
        _ payload: [UInt8],
        _ configuration: HJ212Description = configuration
    ) throws(ObservationProblem) -> DecodedPayload {
        try HJ212Format(configuration).decode(payload.span.bytes)
    }

    static func observations(
        _ payload: [UInt8],
        _ configuration: HJ212Description = configuration
    ) throws -> [Observation] {
        try decode(payload, configuration).items.map { try $0.content.get() }
    }

    /// The reasons of what cannot be used.
    static func reasons(
        _ payload: [UInt8],
        _ configuration: HJ212Description = configuration
    ) throws -> [Ingest.RejectionReason] {
        try decode(payload, configuration).items.compactMap { item in
            if case .failure(let problem) = item.content { return problem.reason }
            return nil
        }
    }
}
