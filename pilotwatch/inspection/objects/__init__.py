"""对象库: the same subject under several departments' lists, found by code, or by name, address and phone; and whom several
departments supervise without a joint task.

`search` is pure; `update(store, registry, places)` runs it over the store and keeps what it finds; persons
confirm and refuse through `pilotwatch.store.objects`.
"""

from pilotwatch.inspection.objects.keep import overlapping, refresh, update
from pilotwatch.inspection.objects.pairs import FIELDS
from pilotwatch.inspection.objects.search import Found, search
from pilotwatch.inspection.objects.settle import AUTO, CLERICAL

__all__ = ["AUTO", "CLERICAL", "FIELDS", "Found", "overlapping", "refresh", "search", "update"]
