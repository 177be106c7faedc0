-- One row for each indicator: the sums over the bodies, and the sums over those bodies only that are
-- there on both sides of a comparison. v[1] is the period, v[2] the same period of last year, v[3]
-- the period before, v[4] what counts against the plan, and then comes the series.
SELECT s.code AS code, any(s.area) AS area, any(s.unit) AS unit,
       sumForEach(arrayMap(x -> x.2, s.v)) AS values, sumForEach(arrayMap(x -> toUInt64(x.1), s.v)) AS counts,
       sumForEachIf(arrayMap(x -> x.2, s.v), s.v[1].1 = 1) AS kept, sumForEachIf(arrayMap(x -> toUInt64(x.1), s.v), s.v[1].1 = 1) AS kept_counts,
       minIf(s.v[1].2, s.v[1].1 = 1) AS low, maxIf(s.v[1].2, s.v[1].1 = 1) AS high,
       sum(s.v[1].5) AS derived, sum(s.v[1].6) AS differing,
       sumIf(s.v[1].2, s.v[1].1 = 1 AND s.v[2].1 = 1) AS same_now, sumIf(s.v[2].2, s.v[1].1 = 1 AND s.v[2].1 = 1) AS same_then,
       countIf(s.v[1].1 = 1 AND s.v[2].1 = 1) AS same_bodies,
       sumIf(s.v[1].2, s.v[1].1 = 1 AND s.v[3].1 = 1) AS previous_now, sumIf(s.v[3].2, s.v[1].1 = 1 AND s.v[3].1 = 1) AS previous_then,
       countIf(s.v[1].1 = 1 AND s.v[3].1 = 1) AS previous_bodies,
       sumIf(s.done.2, s.done.1 = 1 AND s.plan.1 = 1) AS plan_done, sumIf(s.plan.2, s.done.1 = 1 AND s.plan.1 = 1) AS plan_due,
       countIf(s.done.1 = 1 AND s.plan.1 = 1) AS plan_both,
       sum(s.plan.2) AS plan, countIf(s.plan.1 = 1) AS plan_bodies, maxIf(s.plan.5, s.plan.1 = 1) AS plan_period,
       toString(anyIf(s.v[1].3, s.v[1].1 = 1)) AS report_id, anyIf(s.v[1].4, s.v[1].1 = 1) AS fact_no,
       toString(anyIf(s.v[2].3, s.v[2].1 = 1)) AS same_report, anyIf(s.v[2].4, s.v[2].1 = 1) AS same_fact,
       toString(anyIf(s.v[3].3, s.v[3].1 = 1)) AS previous_report, anyIf(s.v[3].4, s.v[3].1 = 1) AS previous_fact,
       toString(anyIf(s.plan.3, s.plan.1 = 1)) AS plan_report, anyIf(s.plan.4, s.plan.1 = 1) AS plan_fact,
       anyIf(s.plan.6, s.plan.1 = 1) AS planned_in,
       CAST(arraySlice(arrayReverseSort(x -> abs(x.2 - x.3), groupArrayIf((s.body, s.v[1].2, s.v[2].2, toString(s.v[1].3), s.v[1].4), s.v[1].1 = 1 AND s.v[2].1 = 1)), 1, 3),
            'Array(Tuple(body String, now Float64, then Float64, report String, fact UInt32))') AS movers
FROM (SELECT *, if(plan.5 = {period:String}, v[1], v[4]) AS done FROM ($series)) AS s
GROUP BY code
HAVING counts[1] > 0 OR counts[2] > 0 OR counts[3] > 0 OR plan_bodies > 0
ORDER BY any(s.place), code
