SELECT toString(f.report_id) AS report_id, rev, state, file_name, format, size_bytes, sha256, number, title, issuer,
       body, recipient, ifNull(toString(f.signed), '') AS signed, signer, period, period_year, period_kind,
       pages, engine, facts, findings, warnings, layers, version, received_at, received_by, committed_at, replaces, replaced_by
FROM filings AS f
WHERE f.report_id = {id:UUID}
