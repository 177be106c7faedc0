-- By what names bodies are known: one set for each writing, of which the newest counts. The pages
-- write it from the record of bodies, which is the truth.
CREATE TABLE IF NOT EXISTS body_names (key String, body String, written UInt64)
ENGINE = MergeTree ORDER BY (written, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The winning commit of each report, whatever its state. A body that reports call by several names
-- is one body: its name is looked up by what spellings have in common (letters without marks and
-- case, abbreviations spelt out, "tỉnh" and "thành phố" left out), as nameKey does in Go.
CREATE OR REPLACE VIEW filings DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH (SELECT groupArray(key) FROM body_names WHERE written = (SELECT max(written) FROM body_names)) AS keys,
     (SELECT groupArray(body) FROM body_names WHERE written = (SELECT max(written) FROM body_names)) AS names
SELECT report_id, rev, attempt, state, file_name, format, size_bytes, sha256, number, title, issuer,
       toLowCardinality(transform(trimBoth(replaceRegexpAll(replaceAll(replaceRegexpAll(
           concat(' ', replaceRegexpAll(replaceAll(lowerUTF8(removeAccentsUTF8(c.body)), 'đ', 'd'), '[^a-z0-9]+', ' '), ' '),
           ' +(?:kh cn|khcn|kh va cn) +', ' khoa hoc va cong nghe '), ' ubnd ', ' uy ban nhan dan '), ' +(?:tinh|thanh pho|tp) +', ' ')),
           arrayConcat(['\0'], keys), arrayConcat(['\0'], names), toString(c.body))) AS body,
       recipient, signed, signer, period, period_year, period_kind, pages, engine, facts, findings, warnings, layers, version,
       received_at, received_by, committed_at, replaces, replaced_by
FROM commits AS c FINAL;
