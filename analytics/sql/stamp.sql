SELECT concat(toString(count()), ' ', toString(max(order_no)), ' ', toString((SELECT count() FROM commit_history)), ' ',
              toString((SELECT max(written) FROM body_keys)), ' ', toString((SELECT max(written) FROM indicator_entries))) AS stamp
FROM commits
