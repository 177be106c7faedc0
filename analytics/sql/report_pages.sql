SELECT page, width, height, engine, why, score, text, lines
FROM attempt_pages
WHERE attempt = {attempt:UUID}
ORDER BY page
