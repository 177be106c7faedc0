SELECT i.code AS code, i.area AS area, i.vi AS vi, i.en AS en, i.unit AS unit, i.measure AS measure, i.definition AS definition, i.place AS place,
       c.facts AS facts, c.bodies AS bodies, c.periods AS periods, c.last AS last
FROM indicators AS i
LEFT JOIN (
    SELECT toString(f.code) AS code, count() AS facts, uniqExact(f.body) AS bodies, uniqExact(f.period) AS periods,
           argMaxIf(toString(f.period), (f.period_year, f.period), f.kind = 'result') AS last
    FROM facts AS f GROUP BY code
) AS c ON c.code = i.code
ORDER BY i.place, i.code
