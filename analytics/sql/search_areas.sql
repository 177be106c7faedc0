-- The readings with figures of these fields.
SELECT DISTINCT f.attempt AS attempt FROM attempt_facts AS f WHERE f.area IN {areas:Array(String)}
