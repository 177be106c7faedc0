SELECT DISTINCT cityHash64(f.code, f.area, f.unit, f.period, f.period_year, f.period_kind, f.kind, f.basis) AS sort, toString(f.code) AS code, toString(f.area) AS area,
       toString(f.unit) AS unit, toString(f.period) AS period, f.period_year AS period_year, toString(f.period_kind) AS period_kind, toString(f.kind) AS kind, toString(f.basis) AS basis
FROM attempt_facts AS f
