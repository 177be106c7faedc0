-- What a person said of a figure: who, when and why, and how the machine had read it.
ALTER TABLE attempt_facts
    ADD COLUMN IF NOT EXISTS judged LowCardinality(String), ADD COLUMN IF NOT EXISTS judged_key String,
    ADD COLUMN IF NOT EXISTS judged_by LowCardinality(String), ADD COLUMN IF NOT EXISTS judged_at DateTime64(3, 'UTC'),
    ADD COLUMN IF NOT EXISTS judged_why String;

CREATE OR REPLACE VIEW facts DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT f.report_id AS report_id, f.fact_no AS fact_no, f.code AS code, f.area AS area, f.value AS value, f.unit AS unit,
       f.period AS period, f.period_year AS period_year, f.period_kind AS period_kind, f.kind AS kind, f.basis AS basis,
       r.body AS body, f.page AS page, f.sheet AS sheet, f.cell AS cell, f.box AS box, f.quote AS quote,
       f.confidence AS confidence, f.method AS method, f.rule AS rule, r.received_at AS received_at, r.signed AS signed,
       r.period AS report_period, r.state AS state, f.judged AS judged, f.judged_key AS judged_key, f.judged_by AS judged_by,
       f.judged_at AS judged_at, f.judged_why AS judged_why
FROM attempt_facts AS f INNER JOIN reports AS r ON f.attempt = r.attempt;
