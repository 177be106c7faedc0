SELECT body, code, area, period, period_year, period_kind, kind, basis, value, unit, toString(t.report_id) AS report_id, fact_no, confidence,
       toBool(t.derived) AS derived, sources, toBool(t.differing) AS differing, same_period, same_period_value, change_percent, previous_value
FROM trend_within(within = {within:Array(String)}) AS t
WHERE (empty({reports:Array(String)}) OR toString(t.report_id) IN {reports:Array(String)})
  AND (empty({bodies:Array(String)}) OR body IN {bodies:Array(String)})
  AND (empty({codes:Array(String)}) OR code IN {codes:Array(String)})
  AND (empty({areas:Array(String)}) OR area IN {areas:Array(String)})
  AND (empty({periods:Array(String)}) OR period IN {periods:Array(String)})
  AND (empty({period_kinds:Array(String)}) OR period_kind IN {period_kinds:Array(String)})
  AND (empty({kinds:Array(String)}) OR kind IN {kinds:Array(String)})
  AND (empty({bases:Array(String)}) OR basis IN {bases:Array(String)})
  AND ({after_code:String} = '' OR (code, body, kind, basis, period) > ({after_code:String}, {after_body:String}, {after_kind:String}, {after_basis:String}, {after_period:String}))
ORDER BY code, body, kind, basis, period
LIMIT {limit:UInt32}
