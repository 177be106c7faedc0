SELECT code, toString(i.area) AS area, vi, en, toString(i.unit) AS unit, toString(i.measure) AS measure, definition, place
FROM indicators AS i ORDER BY place, code
