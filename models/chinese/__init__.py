"""Tell Chinese characters (`han`), and write English for Chinese words (`gloss`)."""
