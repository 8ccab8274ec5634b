-- What a sentence that was judged is about, by the model that judged it; null where the model did not read
-- it, and for what was judged before this was kept. Extract's own `kind` stays beside it.
ALTER TABLE store.foundings ADD COLUMN kind VARCHAR;
