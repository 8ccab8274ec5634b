-- Whether a piece of evidence stands against its claim, and is read too unsurely to count.
ALTER TABLE store.knowledge ADD COLUMN weak BOOLEAN DEFAULT false;
