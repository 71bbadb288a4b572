"""投票所受付: early voting and polling day. State is (voter x contest), never voter (docs/polling.md).

Pure: no clock, no database, no screen. Elections fail closed: what is not plainly allowed stops.
"""
