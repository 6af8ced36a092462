"""What a training container's process and whoever started it agree on."""

from typing import Final

STOP_GRACE: Final = 120.0
"""Seconds between SIGTERM and SIGKILL (https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html,
`docker stop -t120`)."""

PACKING_GRACE: Final = 300.0
"""Seconds that a stopped job may take to pack what it left in its model folder."""

FAILURE_LIMIT: Final = 1024
"""Characters of a FailureReason
(https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-output.html)."""

LOG_LIMIT: Final = 16_777_216
"""Bytes of a script's output that are kept; what comes after is counted."""

PLAN_FILE: Final = "plan.json"
LOG_FILE: Final = "output.log"
ML_FOLDER: Final = "ml"
"""The folder that stands for `/opt/ml`."""
