"""One instance of a cluster, as far as it is known."""


class Host:
    """An instance by its name; times are in the cluster's own clock, seconds.

    `healthy` is what its health checks say; `met` whether any call or check of it has ever ended well.
    """

    __slots__ = (
        "calls",
        "ejected_until",
        "ejections",
        "failed_checks",
        "failures",
        "failures_in_a_row",
        "good_checks",
        "healthy",
        "index",
        "met",
        "name",
        "outstanding",
    )

    def __init__(self, name: str, index: int) -> None:
        self.name = name
        self.index = index
        self.outstanding = 0
        self.calls = 0
        self.failures = 0
        self.failures_in_a_row = 0
        self.ejected_until = 0.0
        self.ejections = 0
        self.healthy = True
        self.met = False
        self.failed_checks = 0
        self.good_checks = 0
