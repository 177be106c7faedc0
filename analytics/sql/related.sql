-- What stands beside a report: of the same body, of the same period, and of others those that state
-- most of the same indicators, in the years around it.
WITH (SELECT (attempt, toString(body), toString(period), period_year) FROM filings WHERE report_id = {id:UUID}) AS own,
     near AS (SELECT attempt, report_id, title, number, toString(body) AS body, toString(period) AS period, period_year, received_at FROM reports
              WHERE report_id != {id:UUID} AND (body = own.2 AND own.2 != '' OR period_year BETWEEN own.4 - 1 AND own.4 + 1)),
     mine AS (SELECT DISTINCT code FROM attempt_facts WHERE attempt = own.1)
SELECT why, toString(report_id) AS report_id, title, number, body, period, toUInt32(shared) AS shared
FROM (
    SELECT 'body' AS why, report_id, title, number, body, period, toInt64(abs(toInt32(period_year) - own.4) * 10 + (substring(period, 5) != substring(own.3, 5))) AS place, toUInt64(0) AS shared
    FROM near WHERE body = own.2 AND own.2 != ''
    UNION ALL
    SELECT 'period', report_id, title, number, body, period, toInt64(row_number() OVER (ORDER BY received_at DESC, report_id)), toUInt64(0)
    FROM near WHERE period = own.3 AND own.3 != '' AND body != own.2
    UNION ALL
    SELECT 'subject', n.report_id, n.title, n.number, n.body, n.period, toInt64(n.period_year != own.4) - toInt64(s.shared) * 10, s.shared
    FROM (
        SELECT attempt, uniqExact(code) AS shared FROM attempt_facts
        WHERE code IN mine AND attempt IN (SELECT attempt FROM near WHERE body != own.2 AND period != own.3)
        GROUP BY attempt HAVING shared >= {least:UInt32}
    ) AS s
    INNER JOIN near AS n ON n.attempt = s.attempt
)
ORDER BY why, place, report_id
LIMIT {each:UInt32} BY why
