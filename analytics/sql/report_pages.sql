SELECT page, width, height, engine, why, score, text, lines
FROM attempt_pages
WHERE attempt = (SELECT attempt FROM filings WHERE report_id = {id:UUID})
ORDER BY page
