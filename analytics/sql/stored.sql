-- What attempts hold: counts, and a checksum that does not depend on the order of rows. The Go
-- side (rowSum) hashes the same bytes before it sends them.
SELECT attempt, what, count() AS n, sum(row) AS total FROM (
    SELECT attempt, 'pages' AS what, xxHash64(concat(toString(page), '\0', engine, '\0', text, '\0', lines)) AS row
    FROM attempt_pages WHERE attempt IN {attempts:Array(UUID)}
    UNION ALL
    SELECT attempt, 'tables', xxHash64(concat(toString(table_no), '\0', sheet, '\0', title, '\0', rows))
    FROM attempt_tables WHERE attempt IN {attempts:Array(UUID)}
    UNION ALL
    SELECT attempt, 'facts', xxHash64(concat(toString(fact_no), '\0', code, '\0', toString(reinterpretAsUInt64(value)), '\0', period, '\0', kind, '\0', basis, '\0', sheet, '\0', cell, '\0', quote))
    FROM attempt_facts WHERE attempt IN {attempts:Array(UUID)}
    UNION ALL
    SELECT attempt, 'findings', xxHash64(concat(toString(finding_no), '\0', code, '\0', severity, '\0', expected, '\0', found))
    FROM attempt_findings WHERE attempt IN {attempts:Array(UUID)}
) GROUP BY attempt, what
