#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/types/state.hpp>

namespace py = pybind11;

namespace exoactor {

void bind_types(py::module_& m) {
  m.doc() = "Plain structs between the rooms; fields are copied on reading and writing.";
  py::class_<SensorState>(m, "SensorState", "Encoders and the pelvis IMU, nothing else.")
      .def(py::init<>())
      .def_readwrite("stamp_ns", &SensorState::stamp_ns)
      .def_readwrite("joint_position", &SensorState::joint_position, "[29] rad, SDK order")
      .def_readwrite("joint_velocity", &SensorState::joint_velocity, "[29] rad/s")
      .def_readwrite("joint_torque", &SensorState::joint_torque, "[29] Nm")
      .def_readwrite("quat_world_imu_wxyz", &SensorState::quat_world_imu_wxyz, "[4] unit")
      .def_readwrite("gyro_in_imu", &SensorState::gyro_in_imu, "[3] rad/s")
      .def_readwrite("accel_in_imu", &SensorState::accel_in_imu, "[3] specific force, m/s^2");

  py::class_<RobotState>(m, "RobotState", "The estimate of the floating base and the feet.")
      .def(py::init<>())
      .def_readwrite("stamp_ns", &RobotState::stamp_ns)
      .def_readwrite("base_position_in_world", &RobotState::base_position_in_world, "[3] m")
      .def_readwrite("quat_world_base_wxyz", &RobotState::quat_world_base_wxyz, "[4] unit")
      .def_readwrite("base_linear_velocity_in_world", &RobotState::base_linear_velocity_in_world,
                     "[3] m/s")
      .def_readwrite("base_angular_velocity_in_base", &RobotState::base_angular_velocity_in_base,
                     "[3] rad/s")
      .def_readwrite("joint_position", &RobotState::joint_position, "[29] rad, SDK order")
      .def_readwrite("joint_velocity", &RobotState::joint_velocity, "[29] rad/s")
      .def_readwrite("foot_force_in_world", &RobotState::foot_force_in_world, "[2][3] N");

  py::class_<JointCommand>(m, "JointCommand",
                           "torque + stiffness (position - q) + damping (velocity - dq)")
      .def(py::init<>())
      .def_readwrite("stamp_ns", &JointCommand::stamp_ns, "time of the state it answers")
      .def_readwrite("position", &JointCommand::position, "[29] rad, SDK order")
      .def_readwrite("velocity", &JointCommand::velocity, "[29] rad/s")
      .def_readwrite("torque", &JointCommand::torque, "[29] Nm, feed-forward")
      .def_readwrite("stiffness", &JointCommand::stiffness, "[29] Nm/rad")
      .def_readwrite("damping", &JointCommand::damping, "[29] Nm s/rad");
}

}  // namespace exoactor
