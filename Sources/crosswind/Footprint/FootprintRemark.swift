import Formats
import Quantities
import Transport

/// What a run found that a reader must know, told before anything of its results.
enum FootprintRemark: Sendable, Equatable {
    /// Share of the cells of the grid.
    case gridBeyondWeather(Double)
    /// Times that the particles of one receptor are in, and what they take.
    case muchWeather(String, times: Int, mebibytes: Double)
    /// Files of weather.
    case namedTwice([String])
    case fluxRegridded
    case curtainOfOneTime(Instant)
    /// Both as W,S,E,N in degrees.
    case curtainOfOtherBox(String, grid: String)
    case standardAtmosphere(count: Int, first: String)
    /// Of the ground of a column against that of the weather.
    case groundDiffers(column: String, hectopascals: Double)
    case stationLeftOut(String, NetworkReceptors.Absence)
    case soundingsChosen(used: Int, good: Int, outside: Int, thinned: Int)

    var text: LocalizedName {
        switch self {
        case .gridBeyondWeather(let share): Self.beyondWeather(share)
        case .muchWeather(let receptor, let times, let mebibytes):
            Self.muchWeather(receptor, times, Figure.text(mebibytes, 0))
        case .namedTwice(let names):
            Self.both(
                "named more than once and read once: \(names.joined(separator: ", "))",
                "重复给出、只读取一次：\(names.joined(separator: "、"))。"
            )
        case .fluxRegridded, .curtainOfOneTime, .curtainOfOtherBox: companions
        case .standardAtmosphere, .groundDiffers, .stationLeftOut, .soundingsChosen: receptors
        }
    }

    private static func both(_ english: String, _ chinese: String) -> LocalizedName {
        LocalizedName(english: english, chinese: chinese)
    }

    private static func beyondWeather(_ share: Double) -> LocalizedName {
        // Not 100 % where some of it is within.
        let part = share > 0.995 ? "99 %" : Figure.percent(share)
        let (more, moreChinese) = share > 0.995 ? ("more than ", "超过") : ("", "有")
        return both(
            "\(more)\(part) of the cells of the grid lie outside of the weather",
            "网格中\(moreChinese) \(part) 的单元位于气象资料范围之外。"
        )
    }

    private static func muchWeather(_ receptor: String, _ times: Int, _ mebibytes: String) -> LocalizedName {
        both(
            "receptor \(receptor) meets \(times) times of weather, which take \(mebibytes) MiB of memory: more than "
                + "--weather-memory allows",
            "受体 \(receptor) 用到 \(times) 个气象时次，占用内存 \(mebibytes) MiB，超出 --weather-memory 的限额。"
        )
    }

    private var companions: LocalizedName {
        switch self {
        case .fluxRegridded:
            Self.both("the flux was brought to the cells of the footprints", "通量已重新分配到印痕的网格单元。")
        case .curtainOfOneTime(let time):
            Self.both(
                "the curtain has one time, \(time), which stands for all",
                "边界幕只有一个时次（\(time)），用于所有时刻。"
            )
        case .curtainOfOtherBox(let curtain, let grid):
            Self.both(
                "the curtain is that of the box \(curtain), not of the grid \(grid): its mole fractions stand for "
                    + "sides elsewhere",
                "边界幕属于范围 \(curtain)，而非网格范围 \(grid)：其浓度被用于别处的边界。"
            )
        default: LocalizedName(english: "")
        }
    }

    private var receptors: LocalizedName {
        switch self {
        case .standardAtmosphere(let count, let first):
            Self.both(
                "\(count) columns, first \(first), stand in the standard atmosphere: the weather tells no pressures "
                    + "above them",
                "\(count) 个柱（首个为 \(first)）采用标准大气：气象资料未给出其上方的气压。"
            )
        case .groundDiffers(let column, let difference):
            Self.both(
                "the pressure at the ground of column \(column) differs by \(Figure.text(difference, 0)) hPa from that "
                    + "of the weather, to whose ground its kernel was brought",
                "柱 \(column) 的地面气压与气象资料相差 \(Figure.text(difference, 0)) hPa，其平均核已换算到气象资料的地面。"
            )
        case .stationLeftOut(let station, let absence):
            Self.both(
                "station \(station) is left out: \(absence.text.english)",
                "台站 \(station) 未计算：\(absence.text.chinese)。"
            )
        case .soundingsChosen(let used, let good, let outside, let thinned):
            Self.both(
                "\(used) of \(good) good soundings: \(outside) outside of the time, \(thinned) left out by --one-of",
                "采用 \(good) 个合格探测中的 \(used) 个：\(outside) 个在时段之外，\(thinned) 个由 --one-of 略去。"
            )
        default: LocalizedName(english: "")
        }
    }
}

extension NetworkReceptors.Absence {
    var text: LocalizedName {
        switch self {
        case .noPlace: LocalizedName(english: "it has no fixed place", chinese: "没有固定位置")
        case .noInletHeight: LocalizedName(english: "no inlet has a height", chinese: "进气口没有高度")
        }
    }
}

extension EmptyFootprint {
    /// For a person, without a full stop.
    var text: LocalizedName {
        let chinese =
            switch self {
            case .noParticles: "粒子表为空"
            case .noUsableRow(let rows): "\(rows) 行中没有一行具有位置、时间和影响"
            case .noSurfaceInfluence(let particles): "\(particles) 个粒子均未受地表影响"
            case .outsideGrid(let particles): "\(particles) 个粒子均未在近地面经过网格"
            }
        return LocalizedName(english: reason, chinese: chinese)
    }
}
