"""What bases file: the 信息表 with its cross-checks, the values it leaves in the statistics, the application itself."""
