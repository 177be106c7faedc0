-- What stands beside a report: of the same body the nearest in time, of the same period the newest, and
-- the newest others of the years around it, of which related_subject.sql tells those on the same subject.
SELECT why, report_id, attempt, title, number, body, period FROM (
    SELECT multiIf(r.body = {body:String} AND r.body != '', 'body', r.period = {period:String} AND r.period != '', 'period', 'subject') AS why,
           toString(r.report_id) AS report_id, toString(r.attempt) AS attempt, r.title AS title, r.number AS number, toString(r.body) AS body, toString(r.period) AS period,
           multiIf(why = 'body', toInt64(abs(toInt32(r.period_year) - {year:Int32}) * 10 + (substring(period, 5) != substring({period:String}, 5))),
                   why = 'subject', toInt64(r.period_year != {year:Int32}), toInt64(0)) AS far,
           row_number() OVER (PARTITION BY why ORDER BY far, r.received_at DESC, r.report_id) AS place
    FROM reports AS r
    WHERE r.report_id != {id:UUID} AND (r.body = {body:String} AND r.body != '' OR r.period_year BETWEEN {year:Int32} - 1 AND {year:Int32} + 1)
)
WHERE place <= if(why = 'subject', {among:UInt32}, {each:UInt32})
ORDER BY why, place
