SELECT toString(f.report_id) AS report_id, fact_no, code, area, value, unit, period, period_year, period_kind, kind, basis, body,
       page, sheet, cell, box, quote, confidence, method, rule, judged, judged_key, judged_by, judged_at, judged_why, received_at, ifNull(toString(f.signed), '') AS signed
FROM facts AS f
WHERE (empty({reports:Array(String)}) OR toString(f.report_id) IN {reports:Array(String)})
  AND (empty({bodies:Array(String)}) OR body IN {bodies:Array(String)})
  AND (empty({codes:Array(String)}) OR code IN {codes:Array(String)})
  AND (empty({areas:Array(String)}) OR area IN {areas:Array(String)})
  AND (empty({periods:Array(String)}) OR period IN {periods:Array(String)})
  AND (empty({period_kinds:Array(String)}) OR period_kind IN {period_kinds:Array(String)})
  AND (empty({kinds:Array(String)}) OR kind IN {kinds:Array(String)})
  AND (empty({bases:Array(String)}) OR basis IN {bases:Array(String)})
  AND ({after_id:String} = '' OR (-toUnixTimestamp64Milli(received_at), toString(f.report_id), fact_no) > (-{after_at:Int64}, {after_id:String}, {after_no:UInt32}))
ORDER BY received_at DESC, toString(f.report_id), fact_no
LIMIT {limit:UInt32}
