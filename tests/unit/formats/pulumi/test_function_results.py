"""Texts as Pulumi's generators write them, much shortened."""

from pathlib import Path

import pytest

from inferway.formats.pulumi.function_results import python_result

GET = '''\
@pulumi.output_type
class GetFunctionResult:
    def __init__(__self__, arn=None):
        pulumi.set(__self__, "arn", arn)

    @_builtins.property
    @pulumi.getter
    def arn(self) -> _builtins.str:
        """
        The ARN.
        """
        return pulumi.get(self, "arn")

    @_builtins.property
    @pulumi.getter(name="invokeArn")
    @_utilities.deprecated("""No more.""")
    def invoke_arn(self) -> _builtins.str:
        return pulumi.get(self, "invoke_arn")

    @_builtins.property
    @pulumi.getter(name="memorySize")
    def memory_size(self) -> _builtins.int:
        return pulumi.get(self, "memory_size")


class AwaitableGetFunctionResult(GetFunctionResult):
    pass
'''


@pytest.mark.parametrize("module", ["_builtins.", "builtins.", ""])
def test_a_result(tmp_path: Path, module: str) -> None:
    (tmp_path / "pulumi_aws" / "lambda_").mkdir(parents=True)
    (tmp_path / "pulumi_aws" / "lambda_" / "get_function.py").write_text(GET.replace("_builtins.", module))
    found = python_result([tmp_path / "none", tmp_path], "aws:lambda/getFunction:getFunction")
    assert found == {"arn": True, "invokeArn": True, "memorySize": False}
    assert python_result([tmp_path], "aws:lambda/getAlias:getAlias") == {}
    assert python_result([tmp_path], "nonsense") == {}
