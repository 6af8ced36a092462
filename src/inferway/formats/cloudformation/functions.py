"""The intrinsic functions that give values, by name.

Source: CloudFormation, "Intrinsic function reference" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
TemplateReference/intrinsic-function-reference.html).
"""

from typing import Final

from inferway.formats.cloudformation import list_functions, name_functions, text_functions
from inferway.formats.cloudformation.arguments import Function

FUNCTIONS: Final[dict[str, Function]] = {
    "Ref": name_functions.ref,
    "Fn::Base64": text_functions.base64,
    "Fn::Cidr": list_functions.cidr,
    "Fn::FindInMap": name_functions.find_in_map,
    "Fn::GetAZs": name_functions.get_azs,
    "Fn::GetAtt": name_functions.get_att,
    "Fn::GetStackOutput": name_functions.get_stack_output,
    "Fn::If": name_functions.choice,
    "Fn::ImportValue": name_functions.import_value,
    "Fn::Join": text_functions.join,
    "Fn::Length": list_functions.length,
    "Fn::Select": list_functions.select,
    "Fn::Split": text_functions.split,
    "Fn::Sub": text_functions.sub,
    "Fn::ToJsonString": text_functions.to_json_string,
}
