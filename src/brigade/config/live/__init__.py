"""The live process: open pages hear what changes, as ids alone; they fetch it as usual.

It is one small ASGI application without Django. What it must know of the
installation it is handed in its environment (`launch`).
"""
