from pathlib import Path

import pytest

from inferway.formats.pulumi.sdk import Kind, Sdk, is_text

ROOT = '''\
from .provider import *
_utilities.register(
    resource_modules="""
[
 {
  "pkg": "toy",
  "mod": "zoo/bigCat",
  "fqn": "pulumi_toy.zoo",
  "classes": {
   "toy:zoo/bigCat:BigCat": "BigCat"
  }
 }
]
""")
'''

ZOO = """\
from ._enums import *
from .big_cat import *
from .get_cat import *
from .trap import *
from ._inputs import *
"""

BIG_CAT = '''\
__all__ = ['BigCatArgs', 'BigCat']

@pulumi.input_type
class BigCatArgs:
    def __init__(__self__, *,
                 cage_id: pulumi.Input[_builtins.str],
                 meals: pulumi.Input[Optional[Sequence[pulumi.Input['MealArgs']]]] = None):
        """
        :param pulumi.Input[_builtins.str] cage_id: Where it lives.
        """
        pulumi.set(__self__, "cage_id", cage_id)

    @_builtins.property
    @pulumi.getter(name="cageId")
    def cage_id(self) -> pulumi.Input[_builtins.str]:
        """
        Where it lives.
        """
        return pulumi.get(self, "cage_id")

    @_builtins.property
    @pulumi.getter
    def meals(self) -> pulumi.Input[Optional[Sequence[pulumi.Input['MealArgs']]]]:
        return pulumi.get(self, "meals")


@pulumi.type_token("toy:zoo/bigCat:BigCat")
class BigCat(pulumi.CustomResource):
    def __init__(__self__, resource_name: str, *args, **kwargs):
        ...

    def feed(self):
        ...

    @_builtins.property
    @pulumi.getter(name="tagNumber")
    def tag_number(self) -> pulumi.Output[_builtins.str]:
        """
        The number of its tag.
        """
        return pulumi.get(self, "tag_number")

    @_builtins.property
    @pulumi.getter
    @_utilities.deprecated("""gone soon""")
    def weight(self) -> pulumi.Output[Optional[_builtins.int]]:
        return pulumi.get(self, "weight")

'''

INPUTS = """\
__all__ = [
    'MealArgs',
]

@pulumi.input_type
class MealArgs:
    def __init__(__self__, *,
                 food: pulumi.Input[Union[_builtins.str, 'Food']]):
        pulumi.set(__self__, "food", food)

    @_builtins.property
    @pulumi.getter
    def food(self) -> pulumi.Input[Union[_builtins.str, 'Food']]:
        return pulumi.get(self, "food")
"""

ENUMS = '''\
__all__ = [
    'Food',
]


@pulumi.type_token("toy:zoo:Food")
class Food(_builtins.str, Enum):
    """What there is."""
    MEAT = "meat"
    FISH_2 = "fish"
'''

TRAP = """\
__all__ = ['TrapInitArgs', 'Trap']

class TrapInitArgs:
    def __init__(__self__, *,
                 self: pulumi.Input[Optional[_builtins.bool]] = None):
        pass

    @_builtins.property
    @pulumi.getter
    def self(self) -> pulumi.Input[Optional[_builtins.bool]]:
        pass

class Trap(pulumi.CustomResource):
    pass
"""

GET_CAT = """\
__all__ = ['GetCatResult', 'get_cat']

class GetCatResult:
    pass

def get_cat(name: Optional[_builtins.str] = None,
            opts: Optional[pulumi.InvokeOptions] = None) -> AwaitableGetCatResult:
    pass
"""


@pytest.fixture
def sdk(tmp_path: Path) -> Sdk:
    package = tmp_path / "pulumi_toy"
    files = {
        "__init__.py": ROOT,
        "provider.py": "__all__ = []\n",
        "zoo/__init__.py": ZOO,
        "zoo/big_cat.py": BIG_CAT,
        "zoo/_inputs.py": INPUTS,
        "zoo/_enums.py": ENUMS,
        "zoo/get_cat.py": GET_CAT,
        "zoo/trap.py": TRAP,
    }
    for name, text in files.items():
        package.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        package.joinpath(name).write_text(text)
    return Sdk(("", str(tmp_path / "nowhere"), str(tmp_path)))


def test_a_resource_by_its_type(sdk: Sdk) -> None:
    cat = sdk.resource("toy:zoo/bigCat:BigCat")
    assert cat is not None
    assert (cat.kind, cat.name, cat.module, cat.token) == (
        Kind.RESOURCE,
        "BigCat",
        "pulumi_toy.zoo",
        "toy:zoo/bigCat:BigCat",
    )
    assert {name: output.wire for name, output in cat.outputs.items()} == {
        "tag_number": "tagNumber",
        "weight": "weight",
    }
    assert [name for name, output in cat.outputs.items() if output.is_text] == ["tag_number"]
    assert cat.outputs["tag_number"].summary == "The number of its tag."
    assert "feed" in cat.methods


def test_the_inputs_of_a_resource(sdk: Sdk) -> None:
    cat = sdk.resource("toy:zoo/bigCat:BigCat")
    assert cat is not None
    cage, meals = cat.inputs["cage_id"], cat.inputs["meals"]
    assert (cage.wire, cage.required, cage.many, cage.types) == ("cageId", True, False, ())
    assert (meals.wire, meals.required, meals.many, meals.types) == ("meals", False, True, ("MealArgs",))
    assert cat.required() == (cage,)
    assert cat.wired("cageId") is cage
    assert cat.wired("cage_id") is None


def test_other_kinds(sdk: Sdk) -> None:
    zoo = sdk.module("pulumi_toy.zoo")
    assert zoo is not None
    meal, food, get_cat = zoo.find("MealArgs"), zoo.find("Food"), zoo.find("get_cat")
    assert meal is not None
    assert meal.kind is Kind.ARGUMENTS
    assert meal.inputs["food"].types == ("Food",)
    assert food is not None
    assert (food.kind, food.members) == (Kind.ENUMERATION, ("MEAT", "FISH_2"))
    assert get_cat is not None
    assert (get_cat.kind, list(get_cat.inputs)) == (Kind.FUNCTION, ["name"])
    result = zoo.find("GetCatResult")
    assert result is not None
    assert result.kind is Kind.OTHER
    assert zoo.find("Dog") is None


def test_arguments_whose_name_is_taken(sdk: Sdk) -> None:
    zoo = sdk.module("pulumi_toy.zoo")
    assert zoo is not None
    trap = zoo.find("Trap")
    assert trap is not None
    assert list(trap.inputs) == ["self"]


def test_a_module_with_a_file_that_lists_no_names_is_open(tmp_path: Path) -> None:
    folder = tmp_path / "pulumi_open"
    folder.mkdir()
    (folder / "__init__.py").write_text("from .a import *\nfrom .b import *\n")
    (folder / "a.py").write_text("__all__ = ['A']\n")
    (folder / "b.py").write_text("B = 1\n")
    module = Sdk((str(tmp_path),)).module("pulumi_open")
    assert module is not None
    assert not module.closed
    (folder / "b.py").write_text("__all__ = ['B']\n")
    module = Sdk((str(tmp_path),)).module("pulumi_open")
    assert module is not None
    assert module.closed


def test_names_by_kind(sdk: Sdk) -> None:
    zoo = sdk.module("pulumi_toy.zoo")
    assert zoo is not None
    assert list(zoo.names_of(Kind.RESOURCE)) == ["BigCat", "Trap"]
    assert list(zoo.names_of(Kind.ARGUMENTS)) == ["BigCatArgs", "TrapInitArgs", "MealArgs"]
    assert list(zoo.names_of(Kind.ENUMERATION)) == ["Food"]
    assert list(zoo.names_of(Kind.FUNCTION)) == ["get_cat"]


def test_modules(sdk: Sdk) -> None:
    root = sdk.module("pulumi_toy")
    assert root is not None
    assert "zoo" in root.submodules
    assert root.home_of("BigCat") == "pulumi_toy.zoo"
    assert root.home_of("Dog") == ""
    assert sdk.module("pulumi_toy.aquarium") is None
    assert sdk.module("pulumi_other") is None


def test_an_unknown_type(sdk: Sdk) -> None:
    assert sdk.resource("toy:zoo/dog:Dog") is None
    assert sdk.resource("other:zoo/dog:Dog") is None
    assert sdk.resource("nonsense") is None


def test_texts_are_known_as_generators_of_every_age_write_them() -> None:
    """Pulumi's generator wrote str, then builtins.str (3.170), then _builtins.str."""
    kinds = ("str", "builtins.str", "_builtins.str")
    assert all(is_text(f"pulumi.Output[{kind}]") for kind in kinds)
    assert not is_text("pulumi.Output[Optional[builtins.str]]")
