-- The winning commit of each report.
CREATE OR REPLACE VIEW winners AS
SELECT * FROM commits ORDER BY report_id, rev DESC, committed_at DESC, attempt DESC LIMIT 1 BY report_id;

CREATE OR REPLACE VIEW filings AS
SELECT report_id, rev, attempt, state, file_name, format, size_bytes, sha256, number, title, issuer, body, recipient,
       signed, signer, period, period_year, period_kind, pages, engine, facts, findings, warnings, layers, version,
       received_at, received_by, committed_at, replaces, replaced_by
FROM winners;

CREATE OR REPLACE VIEW reports AS SELECT * FROM filings WHERE state IN ('visible', 'approved', 'published');

CREATE OR REPLACE VIEW facts AS
SELECT f.report_id AS report_id, f.fact_no AS fact_no, f.code AS code, f.area AS area, f.value AS value, f.unit AS unit,
       f.period AS period, f.period_year AS period_year, f.period_kind AS period_kind, f.kind AS kind, f.basis AS basis,
       r.body AS body, f.page AS page, f.sheet AS sheet, f.cell AS cell, f.box AS box, f.quote AS quote,
       f.confidence AS confidence, f.method AS method, f.rule AS rule, r.received_at AS received_at, r.signed AS signed,
       r.period AS report_period, r.state AS state
FROM attempt_facts AS f
INNER JOIN reports AS r ON f.attempt = r.attempt;

CREATE OR REPLACE VIEW pages AS
SELECT p.report_id AS report_id, p.page AS page, p.width AS width, p.height AS height, p.engine AS engine, p.why AS why,
       p.score AS score, p.text AS text, p.lines AS lines, p.folded AS folded, r.body AS body, r.period AS period,
       r.title AS title
FROM attempt_pages AS p INNER JOIN reports AS r ON p.attempt = r.attempt;

CREATE OR REPLACE VIEW tables AS
SELECT t.report_id AS report_id, t.table_no AS table_no, t.page AS page, t.sheet AS sheet, t.title AS title,
       t.unit AS unit, t.rows AS rows, r.body AS body, r.period AS period
FROM attempt_tables AS t INNER JOIN reports AS r ON t.attempt = r.attempt;

CREATE OR REPLACE VIEW findings AS
SELECT x.report_id AS report_id, x.finding_no AS finding_no, x.code AS code, x.severity AS severity, x.facts AS facts,
       x.expected AS expected, x.found AS found, r.body AS body, r.period AS period
FROM attempt_findings AS x INNER JOIN reports AS r ON x.attempt = r.attempt;

-- One value for each body, indicator, period, kind and basis: the body's own report for that period
-- before a later report that quotes it, approved before not, then the newest, then the surest.
-- Values that differ are said to differ; they are never added up.
CREATE OR REPLACE VIEW chosen AS
SELECT body, code, any(f.area) AS area, period, any(f.period_year) AS period_year, any(f.period_kind) AS period_kind,
       kind, basis, argMax(f.value, choice) AS value, any(f.unit) AS unit, argMax(f.report_id, choice) AS report_id,
       argMax(f.fact_no, choice) AS fact_no, argMax(f.confidence, choice) AS confidence, toUInt8(0) AS derived,
       toUInt32(uniqExact(f.report_id)) AS sources, toUInt8(uniqExact(f.value) > 1) AS differing
FROM (
    SELECT *, (report_period = period, state IN ('approved', 'published'), received_at, confidence, report_id, -toInt64(fact_no)) AS choice
    FROM facts
) AS f
GROUP BY body, code, period, kind, basis;

-- The second half of a year, where only the year and the first half are reported: a flow's difference.
CREATE OR REPLACE VIEW derived_halves AS
SELECT y.body AS body, y.code AS code, y.area AS area, concat(y.period, '-H2') AS period, y.period_year AS period_year,
       'half' AS period_kind, y.kind AS kind, y.basis AS basis, y.value - h.value AS value, y.unit AS unit,
       y.report_id AS report_id, y.fact_no AS fact_no, least(y.confidence, h.confidence) AS confidence,
       toUInt8(1) AS derived, y.sources AS sources, toUInt8(y.differing OR h.differing) AS differing
FROM chosen AS y
INNER JOIN chosen AS h ON h.body = y.body AND h.code = y.code AND h.kind = y.kind AND h.basis = y.basis
    AND h.period = concat(y.period, '-H1')
LEFT ANTI JOIN chosen AS s ON s.body = y.body AND s.code = y.code AND s.kind = y.kind AND s.basis = y.basis
    AND s.period = concat(y.period, '-H2')
WHERE y.kind = 'result' AND y.period_kind = 'year' AND y.unit != '%' AND y.value >= h.value
  AND y.code IN (SELECT code FROM indicators WHERE measure = 'flow');

CREATE OR REPLACE VIEW trend AS
WITH points AS (
    SELECT * FROM chosen UNION ALL SELECT * FROM derived_halves
)
SELECT p.body AS body, p.code AS code, p.area AS area, p.period AS period, p.period_year AS period_year,
       p.period_kind AS period_kind, p.kind AS kind, p.basis AS basis, p.value AS value, p.unit AS unit,
       p.report_id AS report_id, p.fact_no AS fact_no, p.confidence AS confidence, p.derived AS derived,
       p.sources AS sources, p.differing AS differing, p.same_period AS same_period,
       if(s.code = '', NULL, s.value) AS same_period_value,
       if(s.code = '' OR s.value = 0 OR p.kind = 'comparison', NULL, round((p.value - s.value) / abs(s.value) * 100, 1)) AS change_percent,
       if(v.code = '', NULL, v.value) AS previous_value
FROM (
    SELECT *, if(period_kind = 'span', '', concat(toString(period_year - 1), substring(period, 5))) AS same_period,
           multiIf(period_kind = 'span', '',
                   period_kind IN ('year', 'months'), same_period,
                   endsWith(period, '-H2'), concat(toString(period_year), '-H1'),
                   endsWith(period, '-H1'), concat(toString(period_year - 1), '-H2'),
                   endsWith(period, '-Q1'), concat(toString(period_year - 1), '-Q4'),
                   period_kind = 'quarter', concat(toString(period_year), '-Q', toString(toUInt8(substring(period, 7)) - 1)),
                   endsWith(period, '-M01'), concat(toString(period_year - 1), '-M12'),
                   period_kind = 'month', concat(toString(period_year), '-M', leftPad(toString(toUInt8(substring(period, 7)) - 1), 2, '0')),
                   '') AS previous_period
    FROM points
) AS p
LEFT JOIN points AS s ON s.body = p.body AND s.code = p.code AND s.kind = p.kind AND s.basis = p.basis AND s.period = p.same_period
LEFT JOIN points AS v ON v.body = p.body AND v.code = p.code AND v.kind = p.kind AND v.basis = p.basis AND v.period = p.previous_period;
