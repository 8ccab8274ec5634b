-- The run that stored a deletion: what a run changed is told by it, since gone_at is when the platform said so.
ALTER TABLE store.documents ADD COLUMN gone_run_id VARCHAR;
