-- One row for each body and indicator: its results of the periods asked for (in that order), the
-- plan, and what reports state of changes. v: there, value, report, fact, derived, differing.
SELECT b.code AS code, b.body AS body, if(i.code = '', toUInt32(1000000), i.place) AS place, b.area AS area, b.unit AS unit,
       arrayMap(p -> multiIf(
           mapContains(b.results, p), (toUInt8(1), b.results[p].1, b.results[p].2, b.results[p].3, toUInt8(0), b.results[p].4),
           -- A second half that nobody reported is the year less the first half, for flows only.
           i.measure = 'flow' AND b.unit != '%' AND endsWith(p, '-H2') AND mapContains(b.results, substring(p, 1, 4))
               AND mapContains(b.results, concat(substring(p, 1, 4), '-H1')) AND b.results[substring(p, 1, 4)].1 >= b.results[concat(substring(p, 1, 4), '-H1')].1,
           (toUInt8(1), b.results[substring(p, 1, 4)].1 - b.results[concat(substring(p, 1, 4), '-H1')].1, b.results[substring(p, 1, 4)].2,
            b.results[substring(p, 1, 4)].3, toUInt8(1), toUInt8(b.results[substring(p, 1, 4)].4 OR b.results[concat(substring(p, 1, 4), '-H1')].4)),
           -- A year that nobody reported is its two halves, likewise.
           i.measure = 'flow' AND b.unit != '%' AND length(p) = 4 AND mapContains(b.results, concat(p, '-H1')) AND mapContains(b.results, concat(p, '-H2')),
           (toUInt8(1), b.results[concat(p, '-H1')].1 + b.results[concat(p, '-H2')].1, b.results[concat(p, '-H2')].2, b.results[concat(p, '-H2')].3,
            toUInt8(1), toUInt8(b.results[concat(p, '-H1')].4 OR b.results[concat(p, '-H2')].4)),
           (toUInt8(0), toFloat64(0), toUUID('00000000-0000-0000-0000-000000000000'), toUInt32(0), toUInt8(0), toUInt8(0))), {periods:Array(String)}) AS v,
       b.plan AS plan, b.stated_change AS stated_change, b.stated_share AS stated_share
FROM (
    SELECT toString(c.code) AS code, toString(c.body) AS body, toString(any(c.area)) AS area,
           toString(argMin(c.best.2, c.kind = 'comparison')) AS unit,
           mapFromArrays(groupArrayIf(toString(c.period), c.kind = 'result'),
                         groupArrayIf((c.best.1, c.best.3, c.best.4, c.differing), c.kind = 'result')) AS results,
           -- The plan of the period itself before that of its year: there, value, report, fact, period, stated in the report of.
           argMinIf((toUInt8(1), c.best.1, c.best.3, c.best.4, toString(c.period), toString(c.best.6)), c.period != {period:String},
                    c.kind = 'plan' AND c.period IN ({period:String}, substring({period:String}, 1, 4))) AS plan,
           anyIf(toNullable(c.best.1), c.period = {period:String} AND c.basis = 'same_period') AS stated_change,
           anyIf(toNullable(c.best.1), c.period = {period:String} AND c.basis = 'plan') AS stated_share
    FROM chosen_at(within = {within:Array(String)}, moment = {moment:DateTime64(6, 'UTC')}) AS c
    WHERE ({body:String} = '' OR c.body = {body:String}) AND ({code:String} = '' OR c.code = {code:String})
    GROUP BY code, body
) AS b
LEFT JOIN indicators AS i ON i.code = b.code
