"""What the registry refuses."""

from inferway.registry.record import Kind


class RegistryError(Exception):
    """A request that the registry refuses; the text says why."""


class NameTakenError(RegistryError):
    """There is a thing of this kind and name already."""

    def __init__(self, kind: Kind, arn: str) -> None:
        super().__init__(f"there is already a {kind} {arn}")
        self.kind = kind
        self.arn = arn


class UnknownNameError(RegistryError):
    """There is no thing of this kind and name."""

    def __init__(self, kind: Kind, arn: str) -> None:
        super().__init__(f"there is no {kind} {arn}")
        self.kind = kind
        self.arn = arn


class WrongStateError(RegistryError):
    """The thing is in a state in which this cannot be done."""


class InvalidRequestError(RegistryError):
    """A request that can never be carried out as it is."""


class LimitError(RegistryError):
    """There is no room for more."""


class RegistryInUseError(RegistryError):
    """Another process owns this registry's folder."""
