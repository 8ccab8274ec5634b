"""The page of one story.

From outside: `page`. `as_of` is the day that it shows, `timeline` its claims on one time axis, `spread` who
spoke first and who followed, `sections` all else, `downloads` its files.
"""
