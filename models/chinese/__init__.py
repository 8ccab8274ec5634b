"""Tell Chinese characters (`han`), write English for Chinese words (`gloss`), and cut Chinese text into
sentences that may stand alone (`sentences`).
"""
