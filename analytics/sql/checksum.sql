-- What can be seen, as one number that depends neither on the order of rows nor on attempts: after a
-- rebuild from the ledger and the originals it is the same.
SELECT toUInt8(0) AS what, count() AS n, sum(cityHash64(r.report_id, state, file_name, format, size_bytes, sha256, number, title, issuer, body, recipient,
       ifNull(toString(r.signed), ''), signer, period, pages, engine, facts, findings, warnings, received_at, received_by, replaces, replaced_by)) AS total
FROM reports AS r
UNION ALL
SELECT toUInt8(1), count(), sum(cityHash64(f.report_id, fact_no, code, value, unit, period, kind, basis, body, page, sheet, cell, box, quote, confidence, method, rule)) FROM facts AS f
UNION ALL
SELECT toUInt8(2), count(), sum(cityHash64(p.report_id, page, width, height, engine, why, score, text, lines)) FROM pages AS p
UNION ALL
SELECT toUInt8(3), count(), sum(cityHash64(t.report_id, table_no, page, sheet, title, unit, rows)) FROM tables AS t
UNION ALL
SELECT toUInt8(4), count(), sum(cityHash64(x.report_id, finding_no, code, severity, facts, expected, found)) FROM findings AS x
