-- One row for each body and indicator: its results of the periods asked for (in that order) and the
-- plan. v: there, value, report, fact, derived, differing. One pass, with an aggregate for each period of
-- `within` ($within stands for their numbers): a group for each period would be five times as slow, and
-- an aggregate written for each takes longer to plan than to run over one body. The choice among
-- reports is that of the view chosen_within; a test holds the two together.
WITH arrayMap(p -> indexOf({within:Array(String)}, p), {periods:Array(String)}) AS places,
     arrayMap(p -> if(endsWith(p, '-H2'), indexOf({within:Array(String)}, substring(p, 1, 4)), 0), {periods:Array(String)}) AS wholes,
     arrayMap(p -> if(endsWith(p, '-H2') OR length(p) = 4, indexOf({within:Array(String)}, concat(substring(p, 1, 4), '-H1')), 0), {periods:Array(String)}) AS firsts,
     arrayMap(p -> if(length(p) = 4, indexOf({within:Array(String)}, concat(p, '-H2')), 0), {periods:Array(String)}) AS seconds
SELECT b.code AS code, b.body AS body, if(i.code = '', toUInt32(1000000), i.place) AS place, b.area AS area, b.unit AS unit, b.plan AS plan,
       arrayMap((at, whole, first, second) -> multiIf(
           at > 0 AND b.there[at] > 0,
           (toUInt8(1), b.best[at].1, b.best[at].2, b.best[at].3, toUInt8(0), b.differ[at]),
           -- A second half that nobody reported is the year less the first half, for flows only.
           adds AND whole > 0 AND first > 0 AND b.there[whole] > 0 AND b.there[first] > 0 AND b.best[whole].1 >= b.best[first].1,
           (toUInt8(1), b.best[whole].1 - b.best[first].1, b.best[whole].2, b.best[whole].3, toUInt8(1), toUInt8(b.differ[whole] OR b.differ[first])),
           -- A year that nobody reported is its two halves, likewise.
           adds AND second > 0 AND first > 0 AND b.there[first] > 0 AND b.there[second] > 0,
           (toUInt8(1), b.best[first].1 + b.best[second].1, b.best[second].2, b.best[second].3, toUInt8(1), toUInt8(b.differ[first] OR b.differ[second])),
           (toUInt8(0), toFloat64(0), toUUID('00000000-0000-0000-0000-000000000000'), toUInt32(0), toUInt8(0), toUInt8(0))), places, wholes, firsts, seconds) AS v,
       i.measure = 'flow' AND b.unit != '%' AS adds
FROM (
    SELECT toString(x.code) AS code, toString(x.body) AS body, toString(any(x.area)) AS area, toString(anyIf(x.unit, x.kind != 'comparison')) AS unit,
           argMaxResample($within)((x.value, x.report_id, x.fact_no), x.choice, x.at) AS best, arrayMap(n -> toUInt8(n > 0), countResample($within)(x.at)) AS there,
           arrayMap((low, high) -> toUInt8(low != high), minResample($within)(x.value, x.at), maxResample($within)(x.value, x.at)) AS differ,
           -- The plan of the period itself before that of its year: there, value, report, fact, period, stated in the report of.
           argMaxIf((toUInt8(1), x.value, x.report_id, x.fact_no, toString(x.period), toString(x.report_period)), (x.period = {period:String}, x.choice),
                    x.kind = 'plan' AND x.period IN ({period:String}, substring({period:String}, 1, 4))) AS plan
    FROM (
        SELECT f.code AS code, r.body AS body, f.area AS area, f.unit AS unit, f.kind AS kind, f.period AS period, f.value AS value, f.report_id AS report_id, f.fact_no AS fact_no,
               r.period AS report_period, if(f.kind = 'result', indexOf({within:Array(String)}, f.period), 0) AS at,
               (r.period = f.period, r.state IN ('approved', 'published'), r.received_at, f.confidence, f.report_id, -toInt64(f.fact_no)) AS choice
        FROM attempt_facts AS f
        INNER JOIN (SELECT attempt, body, period, state, received_at FROM filings_at(moment = {moment:DateTime64(6, 'UTC')})
                    WHERE state IN ('visible', 'approved', 'published') AND body != '' AND ({body:String} = '' OR body = {body:String})) AS r ON f.attempt = r.attempt
        WHERE f.period IN {within:Array(String)} AND f.kind IN ('result', 'plan') AND ({code:String} = '' OR f.code = {code:String})
    ) AS x
    GROUP BY code, body
) AS b
LEFT JOIN indicators AS i ON i.code = b.code
