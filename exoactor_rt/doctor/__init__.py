"""Is everything here that driving a robot needs? Checks, each with a verdict and a remedy."""

from exoactor_rt.doctor.engines import check_engines
from exoactor_rt.doctor.finding import Finding, worst
from exoactor_rt.doctor.machine import check_machine
from exoactor_rt.doctor.robot import check_network, joint_lines

__all__ = ["Finding", "check_engines", "check_machine", "check_network", "joint_lines", "worst"]
