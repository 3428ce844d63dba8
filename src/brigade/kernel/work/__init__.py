"""The verbs: open, move, take, set, say, assign, link, attach, watch, task, erase.

Every way in (page, route, mail, import, timer) does its work through these.
"""
