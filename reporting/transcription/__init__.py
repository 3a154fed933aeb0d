"""A report that came as a file becomes figures: the ISU types it, the State confirms it.

`keeping` keeps what is typed, `steps` is what happens to a transcription as a whole, `desk_page`
and `state_page` are its pages, `confirmed` gives what was confirmed to those who read answers.
"""
