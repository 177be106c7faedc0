-- Rows of one attempt to read a report. Nothing here is visible until a row of commits names the
-- attempt; people and pages read the views only. A repeated block is dropped by its token, and an
-- acknowledged one is on disk: both are off by default.
CREATE TABLE IF NOT EXISTS attempt_pages (
    attempt UUID, report_id UUID, page UInt32, width Float64, height Float64, engine LowCardinality(String),
    why String, score Float64, text String CODEC(ZSTD(3)), lines String CODEC(ZSTD(3)),
    folded String MATERIALIZED replaceAll(lowerUTF8(removeAccentsUTF8(text)), 'đ', 'd') CODEC(ZSTD(3)),
    stored_at DateTime64(3, 'UTC'),
    INDEX words folded TYPE text(tokenizer = splitByNonAlpha)
) ENGINE = MergeTree ORDER BY (attempt, page)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS attempt_tables (
    attempt UUID, report_id UUID, table_no UInt32, page UInt32, sheet String, title String, unit String,
    rows String CODEC(ZSTD(3)), stored_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (attempt, table_no)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS attempt_facts (
    attempt UUID, report_id UUID, fact_no UInt32, code LowCardinality(String), area LowCardinality(String),
    value Float64, unit LowCardinality(String), period LowCardinality(String), period_year UInt16,
    period_kind LowCardinality(String), kind LowCardinality(String), basis LowCardinality(String),
    page UInt32, sheet String, cell String, box Array(Float64), quote String, confidence Float64,
    method LowCardinality(String), rule LowCardinality(String), stored_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (attempt, fact_no)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS attempt_findings (
    attempt UUID, report_id UUID, finding_no UInt32, code LowCardinality(String), severity LowCardinality(String),
    facts Array(UInt32), expected String, found String, stored_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (attempt, finding_no)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- One row makes an attempt the visible content of a report at a revision. The newest revision wins;
-- on an equal one the latest commit, then the attempt id.
CREATE TABLE IF NOT EXISTS commits (
    report_id UUID, rev UInt64, attempt UUID, committed_at DateTime64(6, 'UTC'), state LowCardinality(String),
    file_name String, format LowCardinality(String), size_bytes UInt64, sha256 String,
    number String, title String, issuer String, body String, recipient String, signed Nullable(Date), signer String,
    period String, period_year UInt16, period_kind LowCardinality(String),
    pages UInt32, engine LowCardinality(String), facts UInt32, findings UInt32, warnings String, layers Array(String),
    version String, received_at DateTime64(3, 'UTC'), received_by String, replaces String, replaced_by String
) ENGINE = ReplacingMergeTree(rev) ORDER BY report_id
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The catalogue as this program knows it; written anew by every migrate.
CREATE TABLE IF NOT EXISTS indicators (
    code String, area LowCardinality(String), area_vi String, area_en String, vi String, en String,
    unit LowCardinality(String), measure LowCardinality(String), definition String, place UInt32, written UInt64
) ENGINE = ReplacingMergeTree(written) ORDER BY code;
