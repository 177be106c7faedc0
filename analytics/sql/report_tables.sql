SELECT table_no, rows
FROM attempt_tables
WHERE attempt = {attempt:UUID}
ORDER BY table_no
