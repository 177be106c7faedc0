-- A period's page makes its choice in one pass over the reports that stood (sql/period_series.sql).
DROP VIEW IF EXISTS chosen_at;
