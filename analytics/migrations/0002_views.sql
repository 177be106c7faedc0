-- What people, pages and analysts read. Each view runs with the rights of the one who made it, so
-- that an analyst is granted the views and nothing behind them.
CREATE OR REPLACE VIEW indicators DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT code, area, vi, en, unit, measure, definition, place FROM indicator_entries FINAL;

-- The winning commit of each report, whatever its state.
CREATE OR REPLACE VIEW filings DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT report_id, rev, attempt, state, file_name, format, size_bytes, sha256, number, title, issuer, body, recipient,
       signed, signer, period, period_year, period_kind, pages, engine, facts, findings, warnings, layers, version,
       received_at, received_by, committed_at, replaces, replaced_by
FROM commits FINAL;

CREATE OR REPLACE VIEW reports DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT * FROM filings WHERE state IN ('visible', 'approved', 'published');

CREATE OR REPLACE VIEW facts DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT f.report_id AS report_id, f.fact_no AS fact_no, f.code AS code, f.area AS area, f.value AS value, f.unit AS unit,
       f.period AS period, f.period_year AS period_year, f.period_kind AS period_kind, f.kind AS kind, f.basis AS basis,
       r.body AS body, f.page AS page, f.sheet AS sheet, f.cell AS cell, f.box AS box, f.quote AS quote,
       f.confidence AS confidence, f.method AS method, f.rule AS rule, r.received_at AS received_at, r.signed AS signed,
       r.period AS report_period, r.state AS state
FROM attempt_facts AS f INNER JOIN reports AS r ON f.attempt = r.attempt;

CREATE OR REPLACE VIEW pages DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT p.report_id AS report_id, p.page AS page, p.width AS width, p.height AS height, p.engine AS engine, p.why AS why,
       p.score AS score, p.text AS text, p.lines AS lines, p.folded AS folded, r.body AS body, r.period AS period,
       r.title AS title, r.received_at AS received_at
FROM attempt_pages AS p INNER JOIN reports AS r ON p.attempt = r.attempt;

CREATE OR REPLACE VIEW tables DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT t.report_id AS report_id, t.table_no AS table_no, t.page AS page, t.sheet AS sheet, t.title AS title,
       t.unit AS unit, t.rows AS rows, r.body AS body, r.period AS period
FROM attempt_tables AS t INNER JOIN reports AS r ON t.attempt = r.attempt;

CREATE OR REPLACE VIEW findings DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT x.report_id AS report_id, x.finding_no AS finding_no, x.code AS code, x.severity AS severity, x.facts AS facts,
       x.expected AS expected, x.found AS found, r.body AS body, r.period AS period
FROM attempt_findings AS x INNER JOIN reports AS r ON x.attempt = r.attempt;

-- One value for each body, indicator, period, kind and basis: the body's own report for that period
-- before a later report that quotes it, approved before not, then the newest, then the surest.
-- Values that differ are said to differ; they are never added up.
CREATE OR REPLACE VIEW chosen DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT code, any(f.area) AS area, body, kind, basis, period, any(f.period_year) AS period_year, any(f.period_kind) AS period_kind,
       argMax((f.value, f.unit, f.report_id, f.fact_no, f.confidence), f.choice) AS best,
       toUInt32(uniqExact(f.report_id)) AS sources, toUInt8(min(f.value) != max(f.value)) AS differing
FROM (
    SELECT code, area, body, kind, basis, period, period_year, period_kind, value, unit, report_id, fact_no, confidence,
           (report_period = period, state IN ('approved', 'published'), received_at, confidence, report_id, -toInt64(fact_no)) AS choice
    FROM facts
    WHERE period != '' AND body != ''
) AS f
GROUP BY code, body, kind, basis, period;

-- Each series once, its points side by side: neighbours are looked up in the series itself. A second
-- half that nobody reported is the year less the first half, for flows only, and is marked as derived.
CREATE OR REPLACE VIEW trend DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT body, code, area, p.1 AS period, p.2 AS period_year, p.3 AS period_kind, kind, basis, p.4 AS value, p.5 AS unit,
       p.6 AS report_id, p.7 AS fact_no, p.8 AS confidence, p.9 AS sources, p.10 AS differing, p.11 AS derived,
       if(period_kind = 'span', '', concat(toString(period_year - 1), substring(period, 5))) AS same_period,
       if(mapContains(by_period, same_period), by_period[same_period], NULL) AS same_period_value,
       if(kind = 'comparison' OR same_period_value = 0, NULL, round((value - same_period_value) / abs(same_period_value) * 100, 1)) AS change_percent,
       multiIf(period_kind = 'span', '', period_kind IN ('year', 'months'), same_period,
               endsWith(period, '-H2'), concat(toString(period_year), '-H1'),
               endsWith(period, '-H1'), concat(toString(period_year - 1), '-H2'),
               endsWith(period, '-Q1'), concat(toString(period_year - 1), '-Q4'),
               period_kind = 'quarter', concat(toString(period_year), '-Q', toString(toUInt8OrZero(substring(period, 7)) - 1)),
               endsWith(period, '-M01'), concat(toString(period_year - 1), '-M12'),
               period_kind = 'month', concat(toString(period_year), '-M', leftPad(toString(toUInt8OrZero(substring(period, 7)) - 1), 2, '0')),
               '') AS previous_period,
       if(mapContains(by_period, previous_period), by_period[previous_period], NULL) AS previous_value
FROM (
    SELECT code, area, body, kind, basis, arrayConcat(stated, derived_halves) AS points,
           CAST((arrayMap(x -> x.1, points), arrayMap(x -> x.4, points)), 'Map(String, Float64)') AS by_period
    FROM (
        SELECT code, any(c.area) AS area, body, kind, basis,
               groupArray((toString(c.period), c.period_year, toString(c.period_kind), c.best.1, toString(c.best.2), c.best.3, c.best.4, c.best.5, c.sources, c.differing, toUInt8(0))) AS stated,
               CAST((arrayMap(x -> x.1, stated), stated), 'Map(String, Tuple(String, UInt16, String, Float64, String, UUID, UInt32, Float64, UInt32, UInt8, UInt8))') AS found,
               arrayMap(y -> (concat(y.1, '-H2'), y.2, 'half', y.4 - found[concat(y.1, '-H1')].4, y.5, y.6, y.7,
                              least(y.8, found[concat(y.1, '-H1')].8), y.9, toUInt8(y.10 OR found[concat(y.1, '-H1')].10), toUInt8(1)),
                   arrayFilter(y -> kind = 'result' AND y.3 = 'year' AND mapContains(found, concat(y.1, '-H1'))
                       AND NOT mapContains(found, concat(y.1, '-H2')) AND y.4 >= found[concat(y.1, '-H1')].4
                       AND code IN (SELECT code FROM indicators WHERE measure = 'flow' AND unit != '%'), stated)) AS derived_halves
        FROM chosen AS c
        GROUP BY code, body, kind, basis
    )
)
ARRAY JOIN points AS p;
