"""What a program in YAML looks up in a cloud: a resource of its own, else what a dialect gives for such a one."""

from collections.abc import Mapping

import msgspec

from inferway.formats.nodes import NodePlaces, node_of
from inferway.formats.pulumi.invokes import Surroundings
from inferway.formats.pulumi.lookups import look_up, read_by_id
from inferway.formats.resources import Environment, Provision, Provisioned, Resource


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Knows the resources that were `made` so far, and asks for others, as of the program's `file`."""

    made: Mapping[str, Resource]
    environment: Environment
    provision: Provision
    file: str

    def look_up(self, token: str, arguments: Mapping[str, object], where: Surroundings) -> Mapping[str, object] | None:
        """Give the result of a provider's function that looks up what exists; None for another function."""

        def ask(kind: str, properties: Mapping[str, object]) -> Provisioned | None:
            place = msgspec.structs.replace(self.environment, region=where.region, account=where.account)
            return self._provisioned(kind, properties, place)

        return look_up(token, arguments, self.made.values(), ask)

    def read(
        self, token: str, identifier: str, state: Mapping[str, object]
    ) -> tuple[Mapping[str, object], bool] | None:
        """Give the outputs of a resource by its id, and whether the program declares it; None for an unknown one."""

        def ask(kind: str, properties: Mapping[str, object]) -> Provisioned | None:
            return self._provisioned(kind, properties, self.environment)

        return read_by_id(token, identifier, state, self.made.values(), ask)

    def _provisioned(self, token: str, properties: Mapping[str, object], place: Environment) -> Provisioned | None:
        name = token.rpartition(":")[2]
        places = NodePlaces(self.file, node_of({}, 0, 0))
        return self.provision(Resource(type=token, name=name, properties=properties, places=places), place)
