"""The public SQL interface as views over the work file, laid in the order of `pipeline.store.store.VIEWS`."""
