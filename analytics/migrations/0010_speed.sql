-- What a page waits for, found with 20,000 reports and a million figures: planning a statement over
-- views costs more than its rows, and a report's figures lay scattered over all indicators.

-- By what names bodies are known: the newest row of a key counts, an empty body takes it away. A
-- plain join replaces the four subqueries that each use of the views ran before.
CREATE TABLE IF NOT EXISTS body_keys (key String, body String, written UInt64)
ENGINE = ReplacingMergeTree(written) ORDER BY key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
INSERT INTO body_keys SELECT key, body, written FROM body_names WHERE written = (SELECT max(written) FROM body_names);

-- What spellings of a name have in common is made once, when a report is committed.
ALTER TABLE commits ADD COLUMN IF NOT EXISTS body_key String MATERIALIZED
    trimBoth(replaceRegexpAll(replaceAll(replaceRegexpAll(
        concat(' ', replaceRegexpAll(replaceAll(lowerUTF8(removeAccentsUTF8(body)), 'đ', 'd'), '[^a-z0-9]+', ' '), ' '),
        ' +(?:kh cn|khcn|kh va cn) +', ' khoa hoc va cong nghe '), ' ubnd ', ' uy ban nhan dan '), ' +(?:tinh|thanh pho|tp) +', ' '));
ALTER TABLE commits MATERIALIZE COLUMN body_key;
ALTER TABLE commit_history ADD COLUMN IF NOT EXISTS body_key String MATERIALIZED
    trimBoth(replaceRegexpAll(replaceAll(replaceRegexpAll(
        concat(' ', replaceRegexpAll(replaceAll(lowerUTF8(removeAccentsUTF8(body)), 'đ', 'd'), '[^a-z0-9]+', ' '), ' '),
        ' +(?:kh cn|khcn|kh va cn) +', ' khoa hoc va cong nghe '), ' ubnd ', ' uy ban nhan dan '), ' +(?:tinh|thanh pho|tp) +', ' '));
ALTER TABLE commit_history MATERIALIZE COLUMN body_key;

-- The winning commit of each report, whatever its state, under the name that its body is known by:
-- looked up by what spellings have in common (letters without marks and case, abbreviations spelt
-- out, "tỉnh" and "thành phố" left out), as nameKey does in Go.
CREATE OR REPLACE VIEW filings DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT report_id, rev, attempt, state, file_name, format, size_bytes, sha256, number, title, issuer,
       toLowCardinality(if(n.body = '', toString(c.body), n.body)) AS body,
       recipient, signed, signer, period, period_year, period_kind, pages, engine, facts, findings, warnings, layers, version,
       received_at, received_by, committed_at, replaces, replaced_by
FROM commits AS c FINAL LEFT JOIN body_keys AS n FINAL ON n.key = c.body_key;

-- Likewise among those that were made until a moment (UTC), under the name as it is known now.
CREATE OR REPLACE VIEW filings_at DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, toLowCardinality(if(n.body = '', toString(c.body), n.body)) AS body,
       signed, period, period_year, period_kind, facts, received_at, received_by
FROM (
    SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, body_key, signed, period, period_year, period_kind, facts,
           received_at, received_by
    FROM (
        SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, body_key, signed, period, period_year, period_kind, facts,
               received_at, received_by, order_no FROM commits
        UNION ALL
        SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, body_key, signed, period, period_year, period_kind, facts,
               received_at, received_by, order_no FROM commit_history
    )
    WHERE committed_at <= {moment:DateTime64(6, 'UTC')}
    ORDER BY order_no DESC LIMIT 1 BY report_id
) AS c LEFT JOIN body_keys AS n FINAL ON n.key = c.body_key;

-- A report's own figures side by side, besides each indicator's.
ALTER TABLE attempt_facts MODIFY SETTING lightweight_mutation_projection_mode = 'rebuild';
ALTER TABLE attempt_facts ADD PROJECTION IF NOT EXISTS by_attempt (SELECT * ORDER BY attempt, fact_no);
ALTER TABLE attempt_facts MATERIALIZE PROJECTION by_attempt;

-- Small granules, so that the text of some hundred found pages is read and not that of all; and words
-- parted by single spaces, so that a phrase is looked for as it stands. Made anew, for neither can be
-- changed in place.
DROP TABLE IF EXISTS attempt_pages_anew;
CREATE TABLE attempt_pages_anew (
    attempt UUID, report_id UUID, page UInt32, width Float64, height Float64, engine LowCardinality(String),
    why String, score Float64, text String CODEC(ZSTD(3)), lines String CODEC(ZSTD(3)),
    folded String MATERIALIZED concat(' ', trimBoth(replaceRegexpAll(replaceAll(lowerUTF8(removeAccentsUTF8(text)), 'đ', 'd'), '[^a-z0-9]+', ' ')), ' ') CODEC(ZSTD(3)),
    stored_at DateTime64(3, 'UTC'),
    INDEX words folded TYPE text(tokenizer = splitByNonAlpha)
) ENGINE = MergeTree ORDER BY (attempt, page)
SETTINGS index_granularity = 32, min_parts_to_merge_at_once = 10, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
INSERT INTO attempt_pages_anew (attempt, report_id, page, width, height, engine, why, score, text, lines, stored_at)
SELECT attempt, report_id, page, width, height, engine, why, score, text, lines, stored_at FROM attempt_pages
SETTINGS max_execution_time = 0;
EXCHANGE TABLES attempt_pages AND attempt_pages_anew;
DROP TABLE attempt_pages_anew;
