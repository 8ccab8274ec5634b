"""The public views, one SQL file for each subject; `pipeline.store.store.VIEWS` has their order."""
