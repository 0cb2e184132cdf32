"""Django's admin over the same tables: unmanaged models on a copy of the same file.

Tuned as somebody who knows Django would: the related rows joined in, no full counts, cached
template loader, kept connections, the same pragmas and the same durability as ours.
"""
