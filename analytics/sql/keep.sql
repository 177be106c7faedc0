INSERT INTO commit_history
SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, signed, period, period_year, period_kind, facts,
       received_at, received_by, order_no
FROM commits FINAL
WHERE (empty({ids:Array(UUID)}) OR report_id IN {ids:Array(UUID)})
