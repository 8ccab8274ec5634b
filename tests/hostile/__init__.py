"""Everything that a stranger may send, through every entrance of the system.

`inputs` is the one list of hostile inputs, `texts` makes texts at random for the readers' own tests, and each
`test_*` module takes the list through one kind of door. `test_doors` fails where a door is on no list.
"""
