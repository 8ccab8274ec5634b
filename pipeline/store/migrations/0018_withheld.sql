-- What is seen to speak against a sentence that founds no claim; null for those that may found one, and for
-- what was judged before this was kept.
ALTER TABLE store.foundings ADD COLUMN reason VARCHAR;
