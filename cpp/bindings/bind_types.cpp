#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/types/capsule_table.hpp>
#include <exoactor/types/state.hpp>
#include <exoactor/types/tracker_target.hpp>
#include <utility>
#include <vector>

namespace py = pybind11;

namespace exoactor {
namespace {

/// A field that is copied both ways, so that an array read from a struct never changes later.
template <typename Struct, typename Field>
void bind_field(py::class_<Struct>& type, const char* name, Field Struct::* field,
                const char* doc) {
  type.def_property(
      name, [field](const Struct& owner) -> Field { return owner.*field; },
      [field](Struct& owner, const Field& value) { owner.*field = value; }, doc);
}

}  // namespace

void bind_types(py::module_& m) {
  m.doc() = "Plain structs between the rooms.";

  py::class_<SensorState> sensors(m, "SensorState", "Encoders and the pelvis IMU, nothing else.");
  sensors.def(py::init<>());
  bind_field(sensors, "stamp_ns", &SensorState::stamp_ns, "monotonic time of the measurement");
  bind_field(sensors, "joint_position", &SensorState::joint_position, "[29] rad, SDK order");
  bind_field(sensors, "joint_velocity", &SensorState::joint_velocity, "[29] rad/s");
  bind_field(sensors, "joint_torque", &SensorState::joint_torque,
             "[29] Nm, as the motors estimate it");
  bind_field(sensors, "quat_world_imu_wxyz", &SensorState::quat_world_imu_wxyz,
             "[4] unit; yaw drifts");
  bind_field(sensors, "gyro_in_imu", &SensorState::gyro_in_imu, "[3] rad/s");
  bind_field(sensors, "accel_in_imu", &SensorState::accel_in_imu, "[3] specific force, m/s^2");

  py::class_<RobotState> state(m, "RobotState", "The estimate of the floating base and the feet.");
  state.def(py::init<>());
  bind_field(state, "stamp_ns", &RobotState::stamp_ns, "monotonic time");
  bind_field(state, "base_position_in_world", &RobotState::base_position_in_world, "[3] m");
  bind_field(state, "quat_world_base_wxyz", &RobotState::quat_world_base_wxyz, "[4] unit");
  bind_field(state, "base_linear_velocity_in_world", &RobotState::base_linear_velocity_in_world,
             "[3] m/s");
  bind_field(state, "base_angular_velocity_in_base", &RobotState::base_angular_velocity_in_base,
             "[3] rad/s");
  bind_field(state, "joint_position", &RobotState::joint_position, "[29] rad, SDK order");
  bind_field(state, "joint_velocity", &RobotState::joint_velocity, "[29] rad/s");
  bind_field(state, "foot_force_in_world", &RobotState::foot_force_in_world, "left, right: [3] N");

  py::class_<JointCommand> command(m, "JointCommand",
                                   "torque + stiffness (position - q) + damping (velocity - dq)");
  command.def(py::init<>());
  bind_field(command, "stamp_ns", &JointCommand::stamp_ns, "time of the state it answers");
  bind_field(command, "position", &JointCommand::position, "[29] rad, SDK order");
  bind_field(command, "velocity", &JointCommand::velocity, "[29] rad/s");
  bind_field(command, "torque", &JointCommand::torque, "[29] Nm, feed-forward");
  bind_field(command, "stiffness", &JointCommand::stiffness, "[29] Nm/rad");
  bind_field(command, "damping", &JointCommand::damping, "[29] Nm s/rad");

  using Target = TrackerTarget;
  py::class_<Target> target(m, "TrackerTarget", "What a learned tracker asks until its next step.");
  target.def(py::init<>());
  bind_field(target, "stamp_ns", &Target::stamp_ns, "time of the state it answers");
  bind_field(target, "position", &Target::position, "[29] rad, SDK order");
  bind_field(target, "stiffness", &Target::stiffness, "[29] Nm/rad");
  bind_field(target, "damping", &Target::damping, "[29] Nm s/rad");
  bind_field(target, "reference_position", &Target::reference_position, "[29] rad");
  bind_field(target, "reference_velocity", &Target::reference_velocity, "[29] rad/s");
  bind_field(target, "reference_time_s", &Target::reference_time_s, "");
  bind_field(target, "reference_rate", &Target::reference_rate, "0 while the reference waits");
  bind_field(target, "blend", &Target::blend, "0 standing pose, 1 reference");
  bind_field(target, "ended", &Target::ended, "the reference asks for the standing pose");
  m.def(
      "capsule_pairs",
      [] {
        std::vector<std::pair<int, int>> pairs;
        for (const CapsulePair& pair : kCapsulePairs) pairs.emplace_back(pair.first, pair.second);
        return pairs;
      },
      "Capsules that are kept apart: row numbers of `collision_capsules.csv`.");
}

}  // namespace exoactor
