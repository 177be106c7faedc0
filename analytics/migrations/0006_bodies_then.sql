-- The winning commit of each report among those that were made until a moment (UTC), under the body's
-- name as it is known now, as in filings.
CREATE OR REPLACE VIEW filings_at DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
WITH (SELECT groupArray(key) FROM body_names WHERE written = (SELECT max(written) FROM body_names)) AS keys,
     (SELECT groupArray(body) FROM body_names WHERE written = (SELECT max(written) FROM body_names)) AS names
SELECT report_id, rev, attempt, committed_at, state, file_name, number, title,
       toLowCardinality(transform(trimBoth(replaceRegexpAll(replaceAll(replaceRegexpAll(
           concat(' ', replaceRegexpAll(replaceAll(lowerUTF8(removeAccentsUTF8(c.body)), 'đ', 'd'), '[^a-z0-9]+', ' '), ' '),
           ' +(?:kh cn|khcn|kh va cn) +', ' khoa hoc va cong nghe '), ' ubnd ', ' uy ban nhan dan '), ' +(?:tinh|thanh pho|tp) +', ' ')),
           arrayConcat(['\0'], keys), arrayConcat(['\0'], names), toString(c.body))) AS body,
       signed, period, period_year, period_kind, facts, received_at, received_by
FROM (
    SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, signed, period, period_year, period_kind, facts,
           received_at, received_by
    FROM (
        SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, signed, period, period_year, period_kind, facts,
               received_at, received_by, order_no FROM commits
        UNION ALL
        SELECT report_id, rev, attempt, committed_at, state, file_name, number, title, body, signed, period, period_year, period_kind, facts,
               received_at, received_by, order_no FROM commit_history
    )
    WHERE committed_at <= {moment:DateTime64(6, 'UTC')}
    ORDER BY order_no DESC LIMIT 1 BY report_id
) AS c;
