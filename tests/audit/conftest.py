"""The kernel's toy trade stands for every service: a log is judged without knowing its trade."""

from tests.kernel.conftest import kitchen, new_party

__all__ = ["kitchen", "new_party"]
