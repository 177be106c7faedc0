SELECT page, width, height, engine, why, score, text, lines
FROM attempt_pages
WHERE attempt = (SELECT argMax(attempt, order_no) FROM commits WHERE report_id = {id:UUID})
ORDER BY page
