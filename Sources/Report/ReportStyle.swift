/// The page's style sheet: screen first, then A4 print.
enum ReportStyle {
    static var sheet: HTML { "\(page)\n\(results)\n\(tables)\n\(drawings)\n\(template)\n\(printed)" }

    private static let page: HTML = """
        :root{--ink:#16232e;--muted:#566573;--rule:#d4dce3;--pale:#f3f6f8;--deep:#0b3a5b;--link:#0a62a6}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;color:var(--ink);background:#fff;
        font:15.5px/1.58 "Source Sans 3","Noto Sans","Helvetica Neue",
        "Segoe UI",Arial,"Liberation Sans","DejaVu Sans Condensed","DejaVu Sans",
        "PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif}
        body>header{background:var(--deep);color:#fff;border-bottom:5px solid #3c9ba6}
        .inner,main,body>footer{max-width:1032px;margin:0 auto;padding:0 32px}
        .inner{padding-top:26px;padding-bottom:26px}
        .kind{display:flex;max-width:none;justify-content:space-between;margin:0 0 10px;font-size:13px;
        letter-spacing:.06em;
        color:#b9d3e2}
        .kind a{color:#fff;letter-spacing:0}
        h1{font-size:29px;line-height:1.25;font-weight:700;margin:0 0 16px;text-wrap:balance}
        header dl{display:flex;flex-wrap:wrap;gap:6px 40px;margin:0}
        header dl div{display:flex;gap:10px}
        header dt{color:#b9d3e2}
        header dd{margin:0;font-weight:700}
        section,aside{margin:38px 0 0}
        h2{font-size:21px;line-height:1.3;font-weight:700;color:var(--deep);margin:0 0 14px;
        padding-bottom:7px;
        border-bottom:1px solid var(--rule)}
        h3{font-size:16.5px;font-weight:700;margin:26px 0 10px}
        p{margin:0 0 12px;max-width:76ch}
        a{color:var(--link)}
        .lead{font-size:17px;line-height:1.55}
        .note{font-size:13.5px;line-height:1.5;color:var(--muted);margin:8px 0 12px;max-width:96ch}
        .absent{color:var(--muted);border-left:3px solid var(--rule);padding:4px 0 4px 14px}
        .missing{color:#8a5a00;font-style:italic}
        .scope{margin:14px 0 18px;border-top:1px solid var(--rule)}
        h2+.scope{border-top:0;margin-top:-14px}
        .scope div{display:flex;gap:18px;border-bottom:1px solid var(--rule);padding:6px 0}
        .scope dt{flex:0 0 190px;color:var(--muted)}
        .scope dd{margin:0;min-width:0;overflow-wrap:anywhere}
        code,pre{font-family:"Source Code Pro","DejaVu Sans Mono",Consolas,Menlo,monospace;font-size:12.5px}
        body>footer{margin-top:44px;padding-top:14px;padding-bottom:32px;font-size:13px;color:var(--muted);
        border-top:1px solid var(--rule)}
        .caveats{background:#fff8e8;border:1px solid #ecd9a8;border-left:5px solid #d98a00;
        padding:16px 22px 10px}
        .caveats h2{font-size:17px;border:0;padding:0;margin:0 0 6px;color:#6a4700}
        .caveats ul{margin:0;padding-left:20px}
        .caveats li{margin:0 0 6px}
        details{margin:12px 0}
        summary{cursor:pointer;color:var(--link);font-size:14px}
        pre{background:var(--pale);border:1px solid var(--rule);padding:12px 14px;overflow-x:auto;
        line-height:1.45;
        white-space:pre-wrap;overflow-wrap:anywhere}
        """

    private static let results: HTML = """
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(296px,1fr));gap:16px}
        .card{border:1px solid var(--rule);border-top:4px solid var(--tone);padding:13px 16px 12px;
        background:#fff}
        .consistent{--tone:#14796f}.tension{--tone:#b26a00}.inconsistent{--tone:#b3123f}
        .not_constrained{--tone:#667480}
        .card h4{margin:0;font-size:15px;font-weight:700}
        .card a{color:inherit;text-decoration:none}
        .card a:hover{text-decoration:underline}
        .finding{margin:3px 0 7px;font-size:25px;font-weight:700;line-height:1.25;color:var(--deep);
        font-variant-numeric:tabular-nums}
        .finding span{font-size:14px;font-weight:400;color:var(--muted);white-space:nowrap}
        .verdict{display:flex;gap:8px;align-items:flex-start;margin:0 0 9px;font-weight:700;
        font-size:14.5px;
        line-height:1.4;color:var(--tone)}
        .verdict small{display:block;font-size:13px;font-weight:400}
        .icon{width:15px;height:15px;flex:none;margin-top:3px;fill:var(--tone)}
        .icon .w{fill:none;stroke:#fff;stroke-width:1.7;stroke-linecap:round}
        .icon .o{fill:none;stroke:var(--tone);stroke-width:1.6}
        .icon .d{fill:none;stroke:var(--tone);stroke-width:1.6;stroke-linecap:round}
        .card dl{display:grid;grid-template-columns:auto 1fr;gap:2px 14px;margin:0;font-size:13.5px;
        border-top:1px solid var(--rule);padding-top:8px;font-variant-numeric:tabular-nums}
        .card dt{color:var(--muted)}
        .card dd{margin:0;text-align:right}
        """

    private static let tables: HTML = """
        .scroll{overflow-x:auto;margin:14px 0 6px}
        table{border-collapse:collapse;width:100%;font-size:13.5px;line-height:1.4;
        font-variant-numeric:tabular-nums}
        caption{text-align:left;font-size:13.5px;color:var(--muted);padding:0 0 7px}
        caption b,figcaption b{color:var(--ink);margin-right:.7em}
        th,td{text-align:left;vertical-align:top;padding:6px 10px;border-bottom:1px solid var(--rule)}
        thead th{border-bottom:2px solid var(--deep);border-top:1px solid var(--deep);vertical-align:bottom;
        font-weight:700}
        tbody th{font-weight:700}
        tr.group th{font-weight:600;color:var(--muted);padding-top:14px;border-bottom:1px solid var(--deep)}
        th:first-child,td:first-child{padding-left:2px}
        .n{text-align:right}
        td.n,span.date{white-space:nowrap}
        td small{display:block;color:var(--muted);font-size:12px}
        td.strong{font-weight:700;color:var(--deep)}
        td.strong small{font-weight:400}
        tr:target{background:#fdf3d3}
        td.v span{display:flex;gap:6px;color:var(--tone);font-weight:700}
        td.v .icon{margin-top:2px}
        td ul{margin:0;padding-left:16px}
        .unit{font-weight:400;color:var(--muted)}
        .correlation{width:auto}
        .correlation td.n{min-width:64px;border:1px solid #fff}
        .correlation th{max-width:170px}
        .kernel svg{vertical-align:-1px;margin-right:9px}
        .kernel .track{fill:#e6ebef}.kernel .bar{fill:#3c9ba6}
        .fit,.environment{width:auto;min-width:60%}
        .environment{border-top:1px solid var(--deep)}
        .inputs small{overflow-wrap:anywhere}
        .inputs code{font-size:11px}
        """

    private static let drawings: HTML = """
        figure{margin:14px 0 18px}
        figcaption{font-size:13.5px;color:var(--muted);margin-top:6px}
        svg.chart,svg.map{display:block;width:100%;height:auto}
        svg text{font-size:12.5px;fill:var(--ink)}
        svg .tick{font-size:11.5px;fill:var(--muted);font-variant-numeric:tabular-nums}
        svg .axis{fill:var(--muted);font-size:12px}
        svg .strong,svg .label{font-weight:700}
        svg text.value{font-weight:700;fill:var(--link);font-variant-numeric:tabular-nums}
        .grid{stroke:#e3e8ec;fill:none}
        .zero{stroke:#7b8894;fill:none}
        .whisker{stroke:var(--ink);stroke-width:1.3;fill:none}
        .halo{stroke:#fff;stroke-width:3.2;stroke-opacity:.55;fill:none}
        .frame{fill:none;stroke:#4a5864;stroke-width:1}
        .graticule{stroke:#16232e;stroke-opacity:.13;fill:none;stroke-width:.8}
        .outlines path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round;
        stroke-linecap:round}
        path.faint{stroke:#4d5b67;stroke-width:.7;stroke-opacity:.75}
        path.strong{stroke:#16232e;stroke-width:1.7}
        .outlines path.casing{stroke:#fff;stroke-width:4;stroke-opacity:.75}
        .key{fill:none}
        .station{fill:#fff;stroke:#b3123f;stroke-width:2.2;stroke-linejoin:round}
        .source{fill:#fff;stroke:#16232e;stroke-width:2}
        .leader{stroke:#16232e;stroke-width:.8;fill:none}
        svg.map text.site,svg.map text.region{paint-order:stroke;stroke:#fff;stroke-width:3.4px;
        stroke-linejoin:round}
        svg.map text.site{font-weight:700}
        svg.map text.region{fill:#33424f}
        .scale rect,.north rect{fill:#fff;fill-opacity:.86}
        .scale path{fill:none;stroke:var(--ink);stroke-width:1.6}
        .scale text,.north text{font-size:11.5px}
        .north path{fill:var(--ink)}
        .line{fill:none;stroke-width:2;stroke-linejoin:round}
        .error{fill:none;stroke:#8d99a4;stroke-width:1.1}
        .dot{fill:none;stroke-linecap:round;stroke-width:6.5}
        .dot.used{stroke:#16232e}
        .dot.unused{stroke:#b4bec7}
        .dot.small{stroke-width:3.2}
        .diagonal{stroke:var(--ink);stroke-width:1;stroke-dasharray:4 3;fill:none}
        """

    private static let template: HTML = """
        .card.plain{--tone:#0b3a5b}.card.plain p{margin:0;font-size:13px;color:var(--muted)}
        .card.plain .finding{margin:3px 0 4px;font-size:25px;color:var(--deep)}
        .cards+.absent{margin-top:16px}
        .contents{margin:34px 0 0;padding:16px 22px 12px;background:var(--pale);border-top:3px solid var(--deep)}
        .contents h2{font-size:17px;border:0;padding:0;margin:0 0 8px}
        .contents div{display:grid;grid-template-columns:1fr 1fr;gap:0 36px}
        .contents ul{list-style:none;margin:0;padding:0;font-size:13.5px;line-height:1.75}
        .contents b{display:inline-block;min-width:2.6em;font-variant-numeric:tabular-nums}
        .contents a{color:inherit;text-decoration:none}
        .contents a:hover{text-decoration:underline}
        .contents .none a,.contents small{color:var(--muted)}
        .contents small{font-size:12px;font-style:italic}
        table.template td a{color:inherit;text-decoration:none}
        table.template td a:hover{text-decoration:underline;color:var(--link)}
        table.template{font-size:13px}
        table.template th,table.template td{padding:5px 8px}
        table.t-lineage td code{font-size:10.5px;overflow-wrap:anywhere}
        table.t-lineage td{overflow-wrap:anywhere}
        table.t-scope th:first-child{width:190px}
        thead th small{display:block;font-weight:400;color:var(--muted);font-size:11.5px}
        table.template thead th,table.t-targets td{word-break:keep-all}
        .pad{visibility:hidden}
        caption .data{font-size:12px;margin-left:.5em}
        .annex{margin-top:52px;border-top:3px solid var(--deep)}
        h2.part{border:0;margin:14px 0 0}
        .annex section{margin-top:22px}
        .annex section h2{font-size:17px}
        .signatures{display:grid;grid-template-columns:3fr 1fr;gap:22px 30px;margin:14px 0 8px;break-inside:avoid}
        .signatures div{display:grid;grid-template-columns:150px 1fr;align-items:end}
        .signatures .date{grid-template-columns:0 1fr}
        .signatures span{border-bottom:1px solid var(--ink);min-height:30px;padding:0 4px}
        .signatures small{grid-column:2;color:var(--muted);font-size:11.5px}
        """

    private static let printed: HTML = """
        @page{size:A4;margin:15mm 14mm}
        @media print{
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        body{font-size:9.6pt}
        .inner,main,body>footer{max-width:none;padding-left:0;padding-right:0}
        .inner{padding:5mm 6mm}
        h1{font-size:17pt}h2{font-size:13pt}h3{font-size:11pt}
        .lead{font-size:10.5pt}
        section{margin-top:8mm}
        .cards{grid-template-columns:repeat(3,1fr);gap:3mm}
        .finding{font-size:15pt}
        table,caption,figcaption,.note,.card dl{font-size:8.3pt}
        td small{font-size:7.4pt}
        th,td{padding:1.1mm 1.6mm}
        .scroll{overflow:visible}
        h2,h3,caption{break-after:avoid}
        figure,.card,tr,aside{break-inside:avoid}
        thead{display:table-header-group}
        a{color:inherit;text-decoration:none}
        .kind a{display:none}
        svg.map{max-height:125mm}
        table.template{font-size:7.6pt}
        table.template th,table.template td{padding:.8mm 1.1mm}
        .contents{break-inside:avoid}.contents ul{font-size:8.6pt}
        .annex{break-before:page;border-top:0}
        p.absent,.signatures{break-inside:avoid}
        thead{break-after:avoid}
        tbody tr:first-child,tbody tr:nth-child(2){break-before:avoid}
        .card dl{font-size:7.4pt;gap:1px 6px}
        caption .data{display:none}
        details::details-content{content-visibility:visible;block-size:auto}
        }
        """
}
