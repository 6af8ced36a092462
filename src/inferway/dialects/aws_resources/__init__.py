"""AWS resources that the AWS dialects refer to: functions, roles, tables, endpoints, logs, parameters."""
