-- Rows of one attempt to read a report. Nothing here is visible until a row of commits names the
-- attempt; people and pages read the views only. A repeated block is dropped by its token, and an
-- acknowledged one is on disk: both are off by default.
CREATE TABLE IF NOT EXISTS attempt_pages (
    attempt UUID, report_id UUID, page UInt32, width Float64, height Float64, engine LowCardinality(String),
    why String, score Float64, text String CODEC(ZSTD(3)), lines String CODEC(ZSTD(3)), folded String CODEC(ZSTD(3)),
    stored_at DateTime64(3, 'UTC'),
    INDEX words folded TYPE text(tokenizer = splitByNonAlpha)
) ENGINE = MergeTree ORDER BY (report_id, attempt, page)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS attempt_tables (
    attempt UUID, report_id UUID, table_no UInt32, page UInt32, sheet String, title String, unit String,
    rows String CODEC(ZSTD(3)), stored_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (report_id, attempt, table_no)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS attempt_facts (
    attempt UUID, report_id UUID, fact_no UInt32, code LowCardinality(String), area LowCardinality(String),
    value Float64, unit LowCardinality(String), period LowCardinality(String), period_year UInt16,
    period_kind LowCardinality(String), kind LowCardinality(String), basis LowCardinality(String),
    page UInt32, sheet String, cell String, box Array(Float64), quote String, confidence Float64,
    method LowCardinality(String), rule LowCardinality(String), stored_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (code, report_id, attempt, fact_no)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
