SELECT toString(f.report_id) AS report_id, rev, state, file_name, format, size_bytes, sha256, number, title, issuer,
       body, recipient, ifNull(toString(f.signed), '') AS signed, signer, period, period_year, period_kind,
       pages, engine, facts, findings, warnings, layers, version, received_at, received_by, committed_at, replaces, replaced_by
FROM filings AS f
WHERE (empty({bodies:Array(String)}) OR body IN {bodies:Array(String)})
  AND (empty({periods:Array(String)}) OR period IN {periods:Array(String)})
  AND (empty({states:Array(String)}) OR state IN {states:Array(String)})
  AND (empty({formats:Array(String)}) OR format IN {formats:Array(String)})
  AND ({text:String} = '' OR position(replaceAll(lowerUTF8(removeAccentsUTF8(concat(title, '\n', number, '\n', file_name, '\n', body))), 'đ', 'd'), {text:String}) > 0)
  AND ({after_id:String} = '' OR (toUnixTimestamp64Milli(received_at), toString(f.report_id)) < ({after_at:Int64}, {after_id:String}))
ORDER BY received_at DESC, toString(f.report_id) DESC
LIMIT {limit:UInt32}
