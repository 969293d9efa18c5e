#include "record_columns.hpp"
#include "recorded_rows.hpp"

#include <pybind11/eigen.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <exoactor/safety/guard.hpp>

namespace py = pybind11;

namespace exoactor {
namespace {

/// Accessors that copy, so that an array read from the limits never changes later.
auto get(JointVector GuardLimits::* field) {
  return [field](const GuardLimits& limits) -> JointVector { return limits.*field; };
}
auto set(JointVector GuardLimits::* field) {
  return [field](GuardLimits& limits, const JointVector& value) { limits.*field = value; };
}

void bind_limits(py::module_& m) {
  py::class_<GuardLimits>(m, "GuardLimits", "What the guard allows; [29] values in SDK order.")
      .def(py::init(&default_guard_limits), "The joint table's limits with the defaults.")
      .def_property("position_lower", get(&GuardLimits::position_lower),
                    set(&GuardLimits::position_lower), "[29] rad")
      .def_property("position_upper", get(&GuardLimits::position_upper),
                    set(&GuardLimits::position_upper), "[29] rad")
      .def_property("torque", get(&GuardLimits::torque), set(&GuardLimits::torque), "[29] Nm")
      .def_property("command_speed", get(&GuardLimits::command_speed),
                    set(&GuardLimits::command_speed), "[29] rad/s")
      .def_property("measured_speed", get(&GuardLimits::measured_speed),
                    set(&GuardLimits::measured_speed), "[29] rad/s")
      .def_property("speed_ceiling", get(&GuardLimits::speed_ceiling),
                    set(&GuardLimits::speed_ceiling),
                    "[29] rad/s, up to which measured_speed may be raised for a tracker")
      .def_property("sustained_speed", get(&GuardLimits::sustained_speed),
                    set(&GuardLimits::sustained_speed), "[29] rad/s, of the running mean")
      .def_property("stiffness", get(&GuardLimits::stiffness), set(&GuardLimits::stiffness),
                    "[29] Nm/rad")
      .def_property("damping", get(&GuardLimits::damping), set(&GuardLimits::damping),
                    "[29] Nm s/rad")
      .def_property("damping_command", get(&GuardLimits::damping_command),
                    set(&GuardLimits::damping_command), "[29] Nm s/rad")
      .def_property("torque_step", get(&GuardLimits::torque_step), set(&GuardLimits::torque_step),
                    "[29] Nm, of feed-forward + spring, a tick")
      .def_readwrite("position_margin_rad", &GuardLimits::position_margin_rad)
      .def_readwrite("position_overrun_rad", &GuardLimits::position_overrun_rad)
      .def_readwrite("tilt_rad", &GuardLimits::tilt_rad)
      .def_readwrite("gyro_rad_s", &GuardLimits::gyro_rad_s)
      .def_readwrite("quaternion_norm_error", &GuardLimits::quaternion_norm_error)
      .def_readwrite("sustained_time_s", &GuardLimits::sustained_time_s)
      .def_readwrite("state_age_ns", &GuardLimits::state_age_ns)
      .def_readwrite("command_age_ns", &GuardLimits::command_age_ns)
      .def_readwrite("target_age_ns", &GuardLimits::target_age_ns)
      .def_readwrite("plan_age_ns", &GuardLimits::plan_age_ns)
      .def_readwrite("heartbeat_ns", &GuardLimits::heartbeat_ns)
      .def_readwrite("imu_frozen_ns", &GuardLimits::imu_frozen_ns)
      .def_readwrite("period_ns", &GuardLimits::period_ns)
      .def_readwrite("command_gap_ns", &GuardLimits::command_gap_ns)
      .def_readwrite("commands_ahead", &GuardLimits::commands_ahead)
      .def_readwrite("overruns", &GuardLimits::overruns)
      .def_readwrite("winding_temperature_c", &GuardLimits::winding_temperature_c)
      .def_readwrite("surface_temperature_c", &GuardLimits::surface_temperature_c)
      .def_readwrite("battery_percent", &GuardLimits::battery_percent)
      .def_readwrite("winding_warm_c", &GuardLimits::winding_warm_c)
      .def_readwrite("surface_warm_c", &GuardLimits::surface_warm_c)
      .def_readwrite("battery_reserve_percent", &GuardLimits::battery_reserve_percent)
      .def_readwrite("crc_errors", &GuardLimits::crc_errors)
      .def_readwrite("mode_machine", &GuardLimits::mode_machine)
      .def_readwrite("debounce_ticks", &GuardLimits::debounce_ticks);
  m.def("find_fault", &find_fault, py::arg("limits"), "Empty when the limits can be enforced.");
}

/// Answers the recorded commands and measurements of rows `begin` .. `end`.
py::dict enforce_recorded(Guard& guard, const py::dict& columns, py::ssize_t begin,
                          py::ssize_t end) {
  const RecordedSensors sensors(columns, begin, end);
  const RecordedCommands wanted(columns, "wanted_", begin, end);
  const RecordedContext contexts(columns, begin, end);
  std::vector<Enforced> made(static_cast<std::size_t>(end - begin));
  for (py::ssize_t row = begin; row < end; ++row) {
    Enforced& item = made[static_cast<std::size_t>(row - begin)];
    item.status = guard.enforce(wanted.at(row), sensors.at(row), contexts.at(row),
                                sensors.now_ns(row), item.sent);
  }
  return enforced_columns(made);
}

void bind_status(py::module_& m) {
  py::enum_<GuardState>(m, "GuardState")
      .value("SILENT", GuardState::kSilent)
      .value("HOLD", GuardState::kHold)
      .value("DAMPING", GuardState::kDamping)
      .value("READY", GuardState::kReady)
      .value("RUN", GuardState::kRun)
      .value("POSE", GuardState::kPose);
  m.def("is_driven",
        py::vectorize([](int state) { return is_driven(static_cast<GuardState>(state)); }),
        py::arg("state"), "Whether commands go through: a state's number, or an array.");
  py::enum_<TripCause>(m, "TripCause")
      .value("NONE", TripCause::kNone)
      .value("STATE_NOT_FINITE", TripCause::kStateNotFinite)
      .value("COMMAND_NOT_FINITE", TripCause::kCommandNotFinite)
      .value("STATE_AGE", TripCause::kStateAge)
      .value("COMMAND_AGE", TripCause::kCommandAge)
      .value("CLOCK", TripCause::kClock)
      .value("ATTITUDE", TripCause::kAttitude)
      .value("STIFFNESS", TripCause::kStiffness)
      .value("DAMPING", TripCause::kDamping)
      .value("JOINT_POSITION", TripCause::kJointPosition)
      .value("JOINT_SPEED", TripCause::kJointSpeed)
      .value("TILT", TripCause::kTilt)
      .value("GYRO", TripCause::kGyro)
      .value("CONTROLLER", TripCause::kController)
      .value("REQUESTED", TripCause::kRequested)
      .value("SUSTAINED_SPEED", TripCause::kSustainedSpeed)
      .value("COMMAND_RATE", TripCause::kCommandRate)
      .value("COMMAND_GAP", TripCause::kCommandGap)
      .value("TARGET_AGE", TripCause::kTargetAge)
      .value("IMU_FROZEN", TripCause::kImuFrozen)
      .value("MOTOR_HOT", TripCause::kMotorHot)
      .value("MOTOR_FAULT", TripCause::kMotorFault)
      .value("BATTERY_LOW", TripCause::kBatteryLow)
      .value("MODE_CHANGED", TripCause::kModeChanged)
      .value("SECOND_PUBLISHER", TripCause::kSecondPublisher)
      .value("CRC_ERRORS", TripCause::kCrcErrors)
      .value("REMOTE_ABORT", TripCause::kRemoteAbort)
      .value("EMERGENCY_STOP", TripCause::kEmergencyStop)
      .value("MOTOR_WARM", TripCause::kMotorWarm)
      .value("BATTERY_RESERVE", TripCause::kBatteryReserve)
      .value("OVERRUNS", TripCause::kOverruns)
      .value("PLAN_AGE", TripCause::kPlanAge)
      .value("HEARTBEAT", TripCause::kHeartbeat);
  py::class_<Trip>(m, "Trip")
      .def_readonly("cause", &Trip::cause)
      .def_readonly("joint", &Trip::joint, "SDK order; -1 where no joint is concerned")
      .def_readonly("got", &Trip::got)
      .def_readonly("allowed", &Trip::allowed)
      .def_readonly("stamp_ns", &Trip::stamp_ns)
      .def(
          "__bool__", [](const Trip& trip) { return bool(trip); }, "Whether there is one.")
      .def("__str__", [](const Trip& trip) { return describe(trip); });
  py::class_<GuardStatus>(m, "GuardStatus")
      .def_readonly("state", &GuardStatus::state)
      .def_readonly("trip", &GuardStatus::trip)
      .def_readonly("concern", &GuardStatus::concern,
                    "What asks for a controlled stop and forbids tasks and arming.")
      .def_readonly("emergency", &GuardStatus::emergency,
                    "Emergency stop: damping until cleared by hand.")
      .def_readonly("stop_requested", &GuardStatus::stop_requested,
                    "Before the first arming: arming is refused until reset.")
      .def_readonly("clamped_position", &GuardStatus::clamped_position)
      .def_readonly("clamped_velocity", &GuardStatus::clamped_velocity)
      .def_readonly("clamped_torque", &GuardStatus::clamped_torque)
      .def_property_readonly("may_send", &GuardStatus::may_send)
      .def_property_readonly("wants_stop", &GuardStatus::wants_stop);
}

void bind_context(py::module_& m) {
  py::class_<GuardContext>(m, "GuardContext",
                           "What the guard is told beside command and measurement; stamps ns, 0: "
                           "there is none.")
      .def(py::init<>())
      .def_readwrite("health", &GuardContext::health)
      .def_readwrite("task", &GuardContext::task)
      .def_readwrite("progress_ns", &GuardContext::progress_ns)
      .def_readwrite("target_ns", &GuardContext::target_ns)
      .def_readwrite("heartbeat_ns", &GuardContext::heartbeat_ns);
}

}  // namespace

void bind_safety(py::module_& m) {
  m.doc() = "The guard: what may be sent to the motors.";
  bind_limits(m);
  bind_status(m);
  bind_context(m);
  py::class_<Guard>(m, "Guard", "States and checks; fails closed. See docs/safety.md.")
      .def(py::init<const GuardLimits&>(),
           py::arg_v("limits", default_guard_limits(), "GuardLimits()"))
      .def("arm", &Guard::arm, py::arg("now_ns"),
           "Silent or ready -> hold; False unless there, after a healthy, fresh state.")
      .def("pose", &Guard::pose, py::arg("now_ns"), "Silent or ready -> pose; False as arm().")
      .def("damp", &Guard::damp, py::arg("now_ns"),
           py::arg_v("cause", TripCause::kRequested, "TripCause.REQUESTED"))
      .def("reset", &Guard::reset, py::arg("now_ns"),
           "One step down: driven -> damping -> ready -> silent.")
      .def("stop_for_good", &Guard::stop_for_good, py::arg("now_ns"), "Emergency stop.")
      .def("clear_emergency", &Guard::clear_emergency)
      .def("raise_speed", &Guard::raise_speed, py::arg("declared"),
           "Lets joints move up to [29] rad/s, capped by limits.speed_ceiling.")
      .def("restore_speed", &Guard::restore_speed)
      .def_property_readonly(
          "speed_limit", [](const Guard& guard) -> JointVector { return guard.speed_limit(); },
          "[29] rad/s, in force")
      .def(
          "enforce",
          [](Guard& guard, const JointCommand& wanted, const SensorState& measured,
             std::int64_t now_ns, const GuardContext& context) {
            JointCommand allowed;
            const GuardStatus status = guard.enforce(wanted, measured, context, now_ns, allowed);
            return py::make_tuple(allowed, status);
          },
          py::arg("wanted"), py::arg("measured"), py::arg("now_ns"),
          py::arg_v("context", GuardContext(), "GuardContext()"),
          "Returns (allowed command, GuardStatus).")
      .def("enforce_recorded", &enforce_recorded, py::arg("columns"), py::arg("begin"),
           py::arg("end"), "The columns of what is sent and decided for a log's rows.")
      .def_property_readonly("status", [](const Guard& guard) { return guard.status(); });
}

}  // namespace exoactor
