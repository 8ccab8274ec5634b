"""Know which editor is signed in.

From outside: `identity` tells the signed-in editor, `sign_in` serves the page and the cookie, `sessions` ends
sign-ins, `throttle` slows down guesses, `client` tells who asks.
"""
