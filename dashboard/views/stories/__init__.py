"""The front page: the stories of a week, or of any time, as one dense list.

From outside: `page`. `filters` is what the address chooses, `table` draws the list and gives it as a file.
"""
