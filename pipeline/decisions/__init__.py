"""What editors decide: the journal, its copy in the store, accounts, previews."""
