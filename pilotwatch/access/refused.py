from pilotwatch.store.model import StoreRefused


class AccessRefused(StoreRefused):
    """An account, a password or a log-in is refused; `rule` is stable, `message` says in the user's words why."""
