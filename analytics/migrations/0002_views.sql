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
-- Values that differ are said to differ; they are never added up. An empty `within` takes every period.
CREATE OR REPLACE VIEW chosen_within DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT code, any(f.area) AS area, body, kind, basis, period, any(f.period_year) AS period_year, any(f.period_kind) AS period_kind,
       argMax((f.value, f.unit, f.report_id, f.fact_no, f.confidence), f.choice) AS best,
       toUInt32(uniqExact(f.report_id)) AS sources, toUInt8(min(f.value) != max(f.value)) AS differing
FROM (
    SELECT code, area, body, kind, basis, period, period_year, period_kind, value, unit, report_id, fact_no, confidence,
           (report_period = period, state IN ('approved', 'published'), received_at, confidence, report_id, -toInt64(fact_no)) AS choice
    FROM facts
    WHERE period != '' AND body != '' AND (empty({within:Array(String)}) OR period IN {within:Array(String)})
) AS f
GROUP BY code, body, kind, basis, period;

-- Each series once, its points side by side: neighbours are looked up in the series itself, by a
-- number for each period (year * 100 + part), so that the same period of last year is 100 less. A
-- second half that nobody reported is the year less the first half, for flows only, and is marked as
-- derived.
CREATE OR REPLACE VIEW trend_within DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT body, code, area, p.2 AS period, p.3 AS period_year, p.4 AS period_kind, kind, basis, p.5 AS value, p.6 AS unit,
       p.7 AS report_id, p.8 AS fact_no, p.9 AS confidence, p.10 AS sources, p.11 AS differing, p.12 AS derived,
       if(period_kind = 'span', '', concat(toString(period_year - 1), substring(period, 5))) AS same_period,
       if(same_at = 0, NULL, same) AS same_period_value,
       if(kind = 'comparison' OR same_period_value = 0, NULL, round((value - same_period_value) / abs(same_period_value) * 100, 1)) AS change_percent,
       if(previous_at = 0, NULL, previous) AS previous_value
FROM (
    SELECT code, area, body, kind, basis, arrayConcat(stated, halves) AS points,
           arrayMap(x -> x.1, points) AS nos, arrayMap(x -> x.5, points) AS numbers,
           arrayMap(n -> if(n % 100 = 99, 0, indexOf(nos, n - 100)), nos) AS sames_at,
           arrayMap(n -> indexOf(nos, multiIf(n % 100 = 99, -1, n % 100 IN (1, 3, 10), n - 100 + multiIf(n % 100 = 1, 1, n % 100 = 3, 3, 11),
                                              n % 100 BETWEEN 2 AND 21, n - 1, n - 100)), nos) AS previouses_at,
           arrayMap(i -> numbers[i], sames_at) AS sames, arrayMap(i -> numbers[i], previouses_at) AS previouses
    FROM (
        SELECT code, any(c.area) AS area, body, kind, basis,
               groupArray((c.no, toString(c.period), c.period_year, toString(c.period_kind), c.best.1, toString(c.best.2), c.best.3, c.best.4, c.best.5,
                           c.sources, c.differing, toUInt8(0))) AS stated,
               groupArray(c.no) AS found, groupArray(c.best.1) AS values,
               kind = 'result' AND code IN (SELECT code FROM indicators WHERE measure = 'flow' AND unit != '%') AS flows,
               arrayMap(y -> (y.1 + 2, concat(y.2, '-H2'), y.3, 'half', y.5 - values[indexOf(found, y.1 + 1)], y.6, y.7, y.8,
                              least(y.9, stated[indexOf(found, y.1 + 1)].9), y.10, toUInt8(y.11 OR stated[indexOf(found, y.1 + 1)].11), toUInt8(1)),
                   arrayFilter(y -> flows AND y.1 % 100 = 0 AND has(found, y.1 + 1) AND NOT has(found, y.1 + 2)
                       AND y.5 >= values[indexOf(found, y.1 + 1)], stated)) AS halves
        FROM (
            SELECT *, toInt32(period_year) * 100 + multiIf(
                period_kind = 'year', 0,
                period_kind = 'half', toUInt8OrZero(substring(period, 7)),
                period_kind = 'quarter', 2 + toUInt8OrZero(substring(period, 7)),
                period_kind = 'month', 9 + toUInt8OrZero(substring(period, 7)),
                period_kind = 'months', 30 + toUInt8OrZero(replaceOne(substring(period, 6), 'M', '')),
                99) AS no
            FROM chosen_within(within = {within:Array(String)})
        ) AS c
        GROUP BY code, body, kind, basis
    )
)
ARRAY JOIN points AS p, sames_at AS same_at, sames AS same, previouses_at AS previous_at, previouses AS previous;

CREATE OR REPLACE VIEW trend DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT body, code, area, period, period_year, period_kind, kind, basis, value, unit, report_id, fact_no, confidence, derived,
       sources, differing, same_period, same_period_value, change_percent, previous_value
FROM trend_within(within = []);
