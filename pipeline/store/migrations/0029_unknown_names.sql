-- Names that a language model wrote itself and did not know again ("Qwen 3 235B-A22B 2507") are asked for
-- anew.
DELETE FROM store.names WHERE type = 'unknown';
