-- Changes with every commit, every change of bodies and of the catalogue.
SELECT concat(toString((SELECT count() FROM commits)), '/', toString((SELECT max(committed_at) FROM commits)), '/', toString((SELECT max(written) FROM body_keys)), '/', toString((SELECT max(written) FROM indicator_entries)))
