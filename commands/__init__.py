"""The operator's commands (运维命令), a file per matter: thin over `models`, in words."""
