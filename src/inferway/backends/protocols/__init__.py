"""What model servers other than SageMaker's containers speak, and how a call to an endpoint is put into it."""
