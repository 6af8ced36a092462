"""What is said to be made of each type is what is made of it."""

from inferway.dialects.apim.coverage import COVERAGE
from inferway.dialects.apim.kinds import CLAIMS, KINDS, kind_of
from inferway.dialects.apim.provisioning import provision
from inferway.faults import Place
from inferway.formats.resources import Coverage, Environment, OnePlace, Resource


def test_every_type_is_claimed_known_and_provisioned() -> None:
    for name in COVERAGE:
        assert name.startswith(CLAIMS), name
        assert kind_of(name) is not None, name
        made = Resource(type=name, name="x", properties={}, places=OnePlace(Place(file="p")))
        assert provision(made, Environment()) is not None, name


def test_every_spelling_means_one_kind() -> None:
    assert kind_of("Microsoft.ApiManagement/service/apis") is kind_of("azure-native:apimanagement:Api")
    assert kind_of("azure:apimanagement/api:Api") is kind_of("azure-native:apimanagement/v20220801:Api")
    assert kind_of("microsoft.insights/components") is kind_of("azure-native:insights:Component")
    assert kind_of("azure:apimanagement/nothing:Nothing") is None


def test_a_reason_is_one_line() -> None:
    assert {coverage for coverage, _ in COVERAGE.values()} == set(Coverage)
    for kind in KINDS:
        assert kind.reason
        assert "\n" not in kind.reason
        assert len(kind.reason) < 80
