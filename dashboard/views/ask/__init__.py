"""The page Ask: any question in SQL.

From outside: `page`. `runner` starts a process for each question, `worker` is that process, `table`
and `chart` draw an answer.
"""
