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

-- By code first: a page shows one indicator of every body and period far more often than one
-- report, and small granules keep the search for one attempt short as well.
CREATE TABLE IF NOT EXISTS attempt_facts (
    attempt UUID, report_id UUID, fact_no UInt32, code LowCardinality(String), area LowCardinality(String),
    value Float64, unit LowCardinality(String), period LowCardinality(String), period_year UInt16,
    period_kind LowCardinality(String), kind LowCardinality(String), basis LowCardinality(String),
    page UInt32, sheet String, cell String, box Array(Float64), quote String CODEC(ZSTD(3)), confidence Float64,
    method LowCardinality(String), rule LowCardinality(String), stored_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (code, attempt, fact_no)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS attempt_findings (
    attempt UUID, report_id UUID, finding_no UInt32, code LowCardinality(String), severity LowCardinality(String),
    facts Array(UInt32), expected String, found String, stored_at DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY (attempt, finding_no)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- One row makes an attempt the visible content of a report at a revision. The newest revision wins;
-- on an equal one the latest commit, then the attempt id: all three are in order_no, so that a merge
-- keeps the very row that the views showed before it.
CREATE TABLE IF NOT EXISTS commits (
    report_id UUID, rev UInt64, attempt UUID, committed_at DateTime64(6, 'UTC'), state LowCardinality(String),
    file_name String, format LowCardinality(String), size_bytes UInt64, sha256 String,
    number String, title String, issuer String, body LowCardinality(String), recipient String, signed Nullable(Date), signer String,
    period LowCardinality(String), period_year UInt16, period_kind LowCardinality(String),
    pages UInt32, engine LowCardinality(String), facts UInt32, findings UInt32, warnings String, layers Array(String),
    version LowCardinality(String), received_at DateTime64(3, 'UTC'), received_by LowCardinality(String), replaces String, replaced_by String,
    order_no UInt256 MATERIALIZED bitShiftLeft(toUInt256(rev), 192)
        + bitShiftLeft(toUInt256(toUnixTimestamp64Micro(committed_at)), 128) + toUInt256(toUInt128(attempt))
) ENGINE = ReplacingMergeTree(order_no) ORDER BY report_id
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- The catalogue as this program knows it; written anew at every start.
CREATE TABLE IF NOT EXISTS indicator_entries (
    code String, area LowCardinality(String), vi String, en String, unit LowCardinality(String),
    measure LowCardinality(String), definition String, place UInt32, written UInt64
) ENGINE = ReplacingMergeTree(written) ORDER BY code
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
