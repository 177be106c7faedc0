-- What stood before: the commit row of a report, kept when a newer one takes its place (DB.Commit
-- copies it first). Nothing here is ever replaced, so a figure can be shown as it stood on a day.
-- A copy that is made twice is the same row, and readers take one of each report.
CREATE TABLE IF NOT EXISTS commit_history (
    report_id UUID, rev UInt64, attempt UUID, committed_at DateTime64(6, 'UTC'), state LowCardinality(String),
    file_name String, number String, title String, body LowCardinality(String), signed Nullable(Date),
    period LowCardinality(String), period_year UInt16, period_kind LowCardinality(String), facts UInt32,
    received_at DateTime64(3, 'UTC'), received_by LowCardinality(String), order_no UInt256
) ENGINE = MergeTree ORDER BY (report_id, order_no)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- The winning commit of each report among those that were made until a moment (UTC).
CREATE OR REPLACE VIEW filings_at DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, signed, period, period_year, period_kind, facts,
       received_at, received_by
FROM (
    SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, signed, period, period_year, period_kind, facts,
           received_at, received_by, order_no FROM commits
    UNION ALL
    SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, signed, period, period_year, period_kind, facts,
           received_at, received_by, order_no FROM commit_history
)
WHERE committed_at <= {moment:DateTime64(6, 'UTC')}
ORDER BY order_no DESC LIMIT 1 BY report_id;

-- chosen_within, of the reports as they stood at a moment. A test holds the two together.
CREATE OR REPLACE VIEW chosen_at DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT code, any(f.area) AS area, body, kind, basis, period,
       argMax((f.value, f.unit, f.report_id, f.fact_no, f.confidence, f.report_period), f.choice) AS best,
       toUInt32(uniqExact(f.report_id)) AS sources, toUInt8(min(f.value) != max(f.value)) AS differing
FROM (
    SELECT x.code AS code, x.area AS area, r.body AS body, x.kind AS kind, x.basis AS basis, x.period AS period, x.value AS value, x.unit AS unit,
           x.report_id AS report_id, x.fact_no AS fact_no, x.confidence AS confidence, r.period AS report_period,
           (r.period = x.period, r.state IN ('approved', 'published'), r.received_at, x.confidence, x.report_id, -toInt64(x.fact_no)) AS choice
    FROM attempt_facts AS x
    INNER JOIN (SELECT * FROM filings_at(moment = {moment:DateTime64(6, 'UTC')}) WHERE state IN ('visible', 'approved', 'published') AND body != '') AS r
        ON x.attempt = r.attempt
    WHERE x.period != '' AND x.period IN {within:Array(String)}
) AS f
GROUP BY code, body, kind, basis, period;
