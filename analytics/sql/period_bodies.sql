-- The bodies that reported for this kind of period in one of the years asked for, as it stood at a moment.
SELECT DISTINCT toString(r.body) AS body
FROM filings_at(moment = {moment:DateTime64(6, 'UTC')}) AS r
WHERE r.body != '' AND r.state IN ('visible', 'approved', 'published') AND r.period_kind = {kind:String}
  AND r.period_year BETWEEN {first:UInt16} AND {last:UInt16}
ORDER BY body
