-- The bodies that one indicator's figure is made of.
SELECT s.body AS body, s.unit AS unit, toBool(s.v[1].1) AS has, s.v[1].2 AS value, toString(s.v[1].3) AS report_id, s.v[1].4 AS fact_no, toBool(s.v[1].5) AS derived,
       toBool(s.v[1].6) AS differing, toBool(s.v[2].1) AS has_same, s.v[2].2 AS same, toString(s.v[2].3) AS same_report, s.v[2].4 AS same_fact,
       toBool(s.v[3].1) AS has_previous, s.v[3].2 AS previous, toString(s.v[3].3) AS previous_report, s.v[3].4 AS previous_fact,
       toBool(s.plan.1) AS has_plan, s.plan.2 AS plan, toString(s.plan.3) AS plan_report, s.plan.4 AS plan_fact
FROM ($series) AS s
WHERE s.v[1].1 = 1 OR s.v[2].1 = 1 OR s.v[3].1 = 1 OR s.plan.1 = 1
ORDER BY body
