-- The figures of all readings: what charts and periods are made of. sort stands for what many have in
-- common, which figure_sorts.sql spells out.
SELECT f.attempt AS attempt, f.fact_no AS fact_no, f.value AS value, f.confidence AS confidence,
       cityHash64(f.code, f.area, f.unit, f.period, f.period_year, f.period_kind, f.kind, f.basis) AS sort
FROM attempt_facts AS f
