-- Everything of a period in one pass over its figures: results of the period and of the same one
-- last year, plans of the period or of its year, and what reports themselves state of changes.
WITH {period:String} AS wanted,
     substring(wanted, 1, 4) AS year,
     concat(toString(toUInt16OrZero(year) - 1), substring(wanted, 5)) AS year_before
SELECT s.body AS body, s.code AS code, s.area AS area, s.unit AS unit,
       if(s.results > 0, s.result.1, NULL) AS value,
       toString(if(s.results > 0, s.result.2, s.planned.2)) AS report_id, if(s.results > 0, s.result.3, s.planned.3) AS fact_no,
       toBool(s.result.4) AS derived, s.result.5 AS sources, toBool(s.result.6) AS differing,
       year_before AS same_period,
       if(s.befores > 0, s.before, NULL) AS last_year,
       if(s.befores = 0 OR s.results = 0 OR s.before = 0, NULL, round((s.result.1 - s.before) / abs(s.before) * 100, 1)) AS change,
       if(s.changes > 0, s.stated, NULL) AS stated_change,
       if(s.plans > 0, s.planned.4, '') AS plan_period,
       if(s.plans > 0, s.planned.1, NULL) AS plan,
       if(s.plans = 0 OR s.results = 0 OR s.planned.1 = 0, NULL, round(s.result.1 / s.planned.1 * 100, 1)) AS share,
       if(s.shares > 0, s.stated_of_plan, NULL) AS stated_share
FROM (
    SELECT toString(t.body) AS body, toString(t.code) AS code, toString(any(t.area)) AS area,
           toString(argMin(t.unit, t.kind = 'comparison')) AS unit,
           countIf(t.period = wanted AND t.kind = 'result') AS results,
           anyIf((t.value, t.report_id, t.fact_no, t.derived, t.sources, t.differing), t.period = wanted AND t.kind = 'result') AS result,
           countIf(t.period = year_before AND t.kind = 'result') AS befores,
           anyIf(t.value, t.period = year_before AND t.kind = 'result') AS before,
           countIf(t.kind = 'plan' AND t.period IN (wanted, year)) AS plans,
           argMinIf((t.value, t.report_id, t.fact_no, toString(t.period)), t.period != wanted, t.kind = 'plan' AND t.period IN (wanted, year)) AS planned,
           countIf(t.period = wanted AND t.basis = 'same_period') AS changes,
           anyIf(t.value, t.period = wanted AND t.basis = 'same_period') AS stated,
           countIf(t.period = wanted AND t.basis = 'plan') AS shares,
           anyIf(t.value, t.period = wanted AND t.basis = 'plan') AS stated_of_plan
    FROM trend_within(within = {within:Array(String)}) AS t
    WHERE t.period IN (wanted, year_before, year) AND ({body:String} = '' OR t.body = {body:String})
    GROUP BY body, code
    HAVING results > 0 OR plans > 0 OR changes > 0 OR shares > 0
) AS s
LEFT JOIN indicators AS i ON i.code = s.code
ORDER BY if(i.code = '', 1000000, i.place), s.code, s.body
