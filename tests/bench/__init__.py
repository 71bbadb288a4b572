"""What the station costs in time, memory and traffic, beside its budgets: `./sanjo bench`.

One module a figure. Each measures a yardstick in the same run, so that the ratio means something on a noisy machine.
Nothing here is asserted: a table is printed, and JSON with `--json`.
"""
