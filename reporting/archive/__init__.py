"""Past reports taken in from an archive: its index, what each line means, and what becomes of it.

`columns` is what an index says; `judging` reads a line and says what it would do; `running` does
the work in the background, line by line; `answers` is what a person says of a line; `complete`
reckons from when on everything that was due is here.
"""
