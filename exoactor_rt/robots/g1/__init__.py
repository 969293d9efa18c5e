"""The Unitree G1, 29 degrees of freedom: model files, joint table, standing position.

Motor hardware differs between robots. The table and the model describe the revision with a
7520_14 motor (88 Nm) at the hip pitch; a robot with the 7520_22 (139 Nm) there is stronger, so
that plans made for this table stay valid on it.
"""

from exoactor_rt.robots.g1.joint_table import JointTable, joint_table
from exoactor_rt.robots.g1.model_files import model_path, physics_path, scene_path
from exoactor_rt.robots.g1.standing import standing_position
from exoactor_rt.robots.g1.standing_torque import standing_torque

__all__ = [
    "JointTable",
    "joint_table",
    "model_path",
    "physics_path",
    "scene_path",
    "standing_position",
    "standing_torque",
]
