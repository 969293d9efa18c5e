#include <pybind11/eigen.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <exoactor/runtime/control_loop.hpp>
#include <functional>
#include <vector>

namespace py = pybind11;

namespace exoactor {
namespace {

using Records = std::vector<TickRecord>;

/// A column of scalars, [N].
template <typename Scalar>
py::array_t<Scalar> column(const Records& records,
                           const std::function<Scalar(const TickRecord&)>& get) {
  py::array_t<Scalar> array(static_cast<py::ssize_t>(records.size()));
  auto view = array.template mutable_unchecked<1>();
  for (std::size_t i = 0; i < records.size(); ++i) view(i) = get(records[i]);
  return array;
}

/// A column of vectors, [N, size].
template <typename Getter>
py::array_t<double> vectors(const Records& records, Getter get) {
  const TickRecord blank{};
  const auto size = static_cast<std::size_t>(get(blank).size());
  py::array_t<double> array({records.size(), size});
  auto view = array.template mutable_unchecked<2>();
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto value = get(records[i]);
    for (std::size_t k = 0; k < size; ++k) view(i, k) = value[static_cast<Eigen::Index>(k)];
  }
  return array;
}

Eigen::Matrix<double, 6, 1> side_by_side(const std::array<Eigen::Vector3d, 2>& sides) {
  Eigen::Matrix<double, 6, 1> both;
  both << sides[kLeft], sides[kRight];
  return both;
}

template <typename Value>
JointVector joint_values(const std::array<Value, kNumJoints>& values) {
  return Eigen::Map<const Eigen::Matrix<Value, kNumJoints, 1>>(values.data())
      .template cast<double>();
}

void add_motion_columns(py::dict& columns, const Records& rows) {
  using R = const TickRecord&;
  columns["sensed_position"] = vectors(rows, [](R r) { return r.sensors.joint_position; });
  columns["sensed_velocity"] = vectors(rows, [](R r) { return r.sensors.joint_velocity; });
  columns["sensed_torque"] = vectors(rows, [](R r) { return r.sensors.joint_torque; });
  columns["quat_world_imu_wxyz"] = vectors(rows, [](R r) { return r.sensors.quat_world_imu_wxyz; });
  columns["gyro_in_imu"] = vectors(rows, [](R r) { return r.sensors.gyro_in_imu; });
  columns["accel_in_imu"] = vectors(rows, [](R r) { return r.sensors.accel_in_imu; });
  columns["base_position_in_world"] =
      vectors(rows, [](R r) { return r.state.base_position_in_world; });
  columns["quat_world_base_wxyz"] = vectors(rows, [](R r) { return r.state.quat_world_base_wxyz; });
  columns["base_angular_velocity_in_base"] =
      vectors(rows, [](R r) { return r.state.base_angular_velocity_in_base; });
  columns["base_linear_velocity_in_world"] =
      vectors(rows, [](R r) { return r.state.base_linear_velocity_in_world; });
  columns["foot_force_in_world"] =
      vectors(rows, [](R r) { return side_by_side(r.state.foot_force_in_world); });
  columns["wanted_position"] = vectors(rows, [](R r) { return r.wanted.position; });
  columns["wanted_velocity"] = vectors(rows, [](R r) { return r.wanted.velocity; });
  columns["wanted_torque"] = vectors(rows, [](R r) { return r.wanted.torque; });
  columns["wanted_stiffness"] = vectors(rows, [](R r) { return r.wanted.stiffness; });
  columns["wanted_damping"] = vectors(rows, [](R r) { return r.wanted.damping; });
  columns["sent_position"] = vectors(rows, [](R r) { return r.sent.position; });
  columns["sent_velocity"] = vectors(rows, [](R r) { return r.sent.velocity; });
  columns["sent_torque"] = vectors(rows, [](R r) { return r.sent.torque; });
  columns["sent_stiffness"] = vectors(rows, [](R r) { return r.sent.stiffness; });
  columns["sent_damping"] = vectors(rows, [](R r) { return r.sent.damping; });
}

void add_control_columns(py::dict& columns, const Records& rows) {
  using R = const TickRecord&;
  const auto integer = [&rows](std::function<std::int64_t(R)> get) {
    return column<std::int64_t>(rows, get);
  };
  const auto real = [&rows](std::function<double(R)> get) { return column<double>(rows, get); };
  columns["activity"] = integer([](R r) { return static_cast<int>(r.telemetry.activity); });
  columns["driver"] = integer([](R r) { return static_cast<int>(r.telemetry.driver); });
  columns["late_ticks"] = integer([](R r) { return r.telemetry.late_ticks; });
  columns["target_age_s"] = real([](R r) { return r.telemetry.target_age_s; });
  columns["control_status"] = integer([](R r) { return static_cast<int>(r.telemetry.status); });
  columns["done"] = integer([](R r) { return r.telemetry.done; });
  columns["phase_index"] = integer([](R r) { return r.telemetry.phase_index; });
  columns["steps_done"] = integer([](R r) { return r.telemetry.steps_done; });
  columns["qp_failures"] = integer([](R r) { return r.telemetry.qp_failures; });
  columns["qp_iterations"] = integer([](R r) { return r.telemetry.qp_iterations; });
  columns["reference_time_s"] = real([](R r) { return r.telemetry.reference_time_s; });
  columns["blend"] = real([](R r) { return r.telemetry.blend; });
  columns["heading_rad"] = real([](R r) { return r.telemetry.heading_rad; });
  columns["control_us"] = real([](R r) { return r.telemetry.tick_us; });
  columns["dynamics_us"] = real([](R r) { return r.telemetry.dynamics_us; });
  columns["qp_us"] = real([](R r) { return r.telemetry.qp_us; });
  columns["planned_position"] =
      vectors(rows, [](R r) { return r.telemetry.planned_joint_position; });
  columns["desired_position"] =
      vectors(rows, [](R r) { return r.telemetry.desired_joint_position; });
  columns["planned_com_in_world"] =
      vectors(rows, [](R r) { return r.telemetry.planned_com_in_world; });
  columns["com_in_world"] = vectors(rows, [](R r) { return r.telemetry.com_in_world; });
  columns["planned_dcm_in_world"] =
      vectors(rows, [](R r) { return r.telemetry.planned_dcm_in_world; });
  columns["dcm_in_world"] = vectors(rows, [](R r) { return r.telemetry.dcm_in_world; });
  columns["zmp_in_world"] = vectors(rows, [](R r) { return r.telemetry.zmp_in_world; });
  columns["foot_position_in_world"] =
      vectors(rows, [](R r) { return side_by_side(r.telemetry.foot_position_in_world); });
  columns["foot_target_in_world"] =
      vectors(rows, [](R r) { return side_by_side(r.telemetry.foot_target_in_world); });
  columns["contact"] = vectors(rows, [](R r) {
    return Eigen::Vector2d(r.telemetry.contact[kLeft], r.telemetry.contact[kRight]);
  });
}

void add_guard_columns(py::dict& columns, const Records& rows) {
  using R = const TickRecord&;
  const auto integer = [&rows](std::function<std::int64_t(R)> get) {
    return column<std::int64_t>(rows, get);
  };
  columns["now_ns"] = integer([](R r) { return r.now_ns; });
  columns["late_ns"] = integer([](R r) { return r.late_ns; });
  columns["took_ns"] = integer([](R r) { return r.took_ns; });
  columns["sensed_stamp_ns"] = integer([](R r) { return r.sensors.stamp_ns; });
  columns["wanted_stamp_ns"] = integer([](R r) { return r.wanted.stamp_ns; });
  columns["guard_state"] = integer([](R r) { return static_cast<int>(r.guard.state); });
  columns["trip_cause"] = integer([](R r) { return static_cast<int>(r.guard.trip.cause); });
  columns["concern_cause"] = integer([](R r) { return static_cast<int>(r.guard.concern.cause); });
  columns["emergency"] = integer([](R r) { return r.guard.emergency; });
  columns["clamped"] = vectors(rows, [](R r) {
    return Eigen::Vector3d(r.guard.clamped_position, r.guard.clamped_velocity,
                           r.guard.clamped_torque);
  });
}

/// What the guard was told beside command and measurement, as it needs it to judge again.
void add_context_columns(py::dict& columns, const Records& rows) {
  using R = const TickRecord&;
  const auto integer = [&rows](std::function<std::int64_t(R)> get) {
    return column<std::int64_t>(rows, get);
  };
  columns["task"] = integer([](R r) { return r.context.task; });
  columns["progress_ns"] = integer([](R r) { return r.context.progress_ns; });
  columns["target_ns"] = integer([](R r) { return r.context.target_ns; });
  columns["heartbeat_ns"] = integer([](R r) { return r.context.heartbeat_ns; });
  columns["health_stamp_ns"] = integer([](R r) { return r.context.health.stamp_ns; });
  columns["mode_machine"] = integer([](R r) { return r.context.health.mode_machine; });
  columns["battery_percent"] = integer([](R r) { return r.context.health.charge_percent; });
  columns["command_publishers"] =
      integer([](R r) { return 1 + r.context.health.other_publishers; });
  columns["state_crc_errors"] = integer([](R r) { return r.context.health.bad_crc; });
  columns["remote_buttons"] = integer([](R r) { return r.context.health.remote.buttons; });
  columns["winding_c"] =
      vectors(rows, [](R r) { return joint_values(r.context.health.winding_temperature_c); });
  columns["casing_c"] =
      vectors(rows, [](R r) { return joint_values(r.context.health.surface_temperature_c); });
  columns["motor_fault"] =
      vectors(rows, [](R r) { return joint_values(r.context.health.motor_fault); });
}

/// Takes what the ring holds, oldest first, as one array a column.
py::dict drain(RecordRing& ring) {
  Records records;
  TickRecord record;
  while (ring.pop(record)) records.push_back(record);
  py::dict columns;
  add_guard_columns(columns, records);
  add_context_columns(columns, records);
  add_motion_columns(columns, records);
  add_control_columns(columns, records);
  return columns;
}

/// The tick for the length of one call; throws where a loop has it.
class TickClaim {
 public:
  explicit TickClaim(ControlTick& tick) : tick_(tick) {
    if (!tick_.claim()) {
      throw std::runtime_error("control tick: a control loop runs it; nothing done");
    }
  }
  ~TickClaim() { tick_.release(); }
  TickClaim(const TickClaim&) = delete;
  TickClaim& operator=(const TickClaim&) = delete;

 private:
  ControlTick& tick_;
};

/// One tick in lock-step; leaves its record in `ring`, which counts it as dropped when full. The
/// command, or None when silent.
py::object step_tick(ControlTick& tick, const SensorState& sensors, std::int64_t now_ns,
                     RecordRing& ring, const RobotHealth& health) {
  const TickClaim claim(tick);
  TickRecord record;
  RealClock stopwatch;
  const std::int64_t start_ns = stopwatch.now_ns();
  tick.step(sensors, health, now_ns, record);
  record.took_ns = stopwatch.now_ns() - start_ns;
  ring.push(record);
  return record.guard.may_send() ? py::cast(record.sent) : py::none();
}

void bind_clocks(py::module_& m) {
  py::class_<Clock, std::shared_ptr<Clock>>(m, "Clock")
      .def("now_ns", &Clock::now_ns)
      .def("sleep_until", &Clock::sleep_until, py::arg("until_ns"),
           py::call_guard<py::gil_scoped_release>());
  py::class_<RealClock, Clock, std::shared_ptr<RealClock>>(m, "RealClock").def(py::init<>());
  py::class_<ManualClock, Clock, std::shared_ptr<ManualClock>>(m, "ManualClock")
      .def(py::init<>())
      .def("advance", &ManualClock::advance, py::arg("duration_ns"))
      .def("wait_for_sleeper", &ManualClock::wait_for_sleeper, py::arg("timeout_s"),
           py::call_guard<py::gil_scoped_release>());
}

void bind_tick(py::module_& m) {
  py::class_<RecordRing, std::shared_ptr<RecordRing>>(m, "RecordRing")
      .def(py::init<std::size_t>(), py::arg("capacity") = 2048)
      .def("drain", &drain, "All records, oldest first: {column: [N] or [N, k] array}.")
      .def_property_readonly("dropped", &RecordRing::dropped);
  py::class_<ControlTick, std::shared_ptr<ControlTick>>(
      m, "ControlTick", "estimate -> control -> enforce, the same on every robot.")
      .def(py::init([](const std::string& model_path, const GuardLimits& limits) {
             return std::make_shared<ControlTick>(std::make_shared<const RobotModel>(model_path),
                                                  limits);
           }),
           py::arg("model_path"),
           py::arg_v("limits", default_guard_limits(), "exoactor_rt._core.safety.GuardLimits()"))
      .def("step", &step_tick, py::arg("sensors"), py::arg("now_ns"), py::arg("ring"),
           py::arg_v("health", RobotHealth(), "exoactor_rt._core.types.RobotHealth()"),
           "One tick in lock-step; the command to send, or None while silent.")
      .def(
          "offer_plan",
          [](ControlTick& tick, const Plan& plan) {
            return tick.offer_plan(std::make_shared<const Plan>(plan));
          },
          py::arg("plan"), "Hands over a copy; empty, or why it is refused.")
      .def("begin_tracking", &ControlTick::begin_tracking, py::arg("joint_speed"),
           "Lets the tracker drive whose targets are offered; [29] rad/s raise the guard's speed "
           "limit meanwhile. Empty, or why it is refused.")
      .def("offer_target", &ControlTick::offer_target, py::arg("target"),
           "The tracker's newest target; from any one thread.")
      .def_property_readonly(
          "latest_state",
          [](ControlTick& tick) -> py::object {
            RobotState state;
            return tick.latest_state(state) ? py::cast(state) : py::none();
          },
          "The newest estimate, for the tracker's thread; None before the first.")
      .def_property_readonly("driver", &ControlTick::driver)
      .def_property_readonly("stop_asked", &ControlTick::stop_asked,
                             "Whether a controlled stop was asked for since tracking began.")
      .def("request_stop", &ControlTick::request_stop,
           "A controlled stop: plans under way or waiting end at the next stand. From any thread.")
      .def(
          "arm",
          [](ControlTick& tick, std::int64_t now_ns) {
            const TickClaim claim(tick);
            return tick.arm(now_ns).granted();
          },
          py::arg("now_ns"), "Whether it was granted; `arm_refusal` says why not.")
      .def(
          "damp",
          [](ControlTick& tick, std::int64_t now_ns) {
            const TickClaim claim(tick);
            tick.damp(now_ns);
          },
          py::arg("now_ns"))
      .def(
          "reset",
          [](ControlTick& tick, std::int64_t now_ns) {
            const TickClaim claim(tick);
            tick.reset(now_ns);
          },
          py::arg("now_ns"), "One step down: driven -> damping -> ready -> silent.")
      .def("beat", &ControlTick::beat, py::arg("now_ns"),
           "Whoever supervises is alive; once begun it must go on, else a task is stopped.")
      .def_property_readonly("plans_done", &ControlTick::plans_done,
                             "Whether there were plans since arming and all have ended.")
      .def_property_readonly(
          "arm_refusal",
          [](ControlTick& tick) {
            const TickClaim claim(tick);
            return describe(tick.arm_outcome());
          },
          "Why the last arming was refused; empty when granted or never tried.")
      .def_property_readonly("guard_status", [](ControlTick& tick) {
        const TickClaim claim(tick);
        return tick.guard_status();
      });
}

void bind_loop(py::module_& m) {
  py::class_<LoopOptions>(m, "LoopOptions")
      .def(py::init<>())
      .def_readwrite("period_ns", &LoopOptions::period_ns)
      .def_readwrite("late_ns", &LoopOptions::late_ns)
      .def_readwrite("fifo_priority", &LoopOptions::fifo_priority)
      .def_readwrite("lock_memory", &LoopOptions::lock_memory);
  py::class_<LoopRights>(m, "LoopRights", "Empty strings mean granted or not asked for.")
      .def_readonly("scheduler_refusal", &LoopRights::scheduler_refusal)
      .def_readonly("memory_refusal", &LoopRights::memory_refusal);
  py::class_<LoopCounts>(m, "LoopCounts")
      .def_readonly("ticks", &LoopCounts::ticks)
      .def_readonly("late_ticks", &LoopCounts::late_ticks)
      .def_readonly("missed_periods", &LoopCounts::missed_periods)
      .def_readonly("blind_ticks", &LoopCounts::blind_ticks)
      .def_readonly("worst_late_ns", &LoopCounts::worst_late_ns)
      .def_readonly("dropped_records", &LoopCounts::dropped_records);
  const auto release = py::call_guard<py::gil_scoped_release>();
  py::class_<ControlLoop>(m, "ControlLoop", "A thread that runs the tick on an absolute clock.")
      .def(py::init<std::shared_ptr<RobotInterface>, std::shared_ptr<ControlTick>,
                    std::shared_ptr<Clock>, std::shared_ptr<RecordRing>, const LoopOptions&>(),
           py::arg("robot"), py::arg("tick"), py::arg("clock"), py::arg("ring"),
           py::arg_v("options", LoopOptions(), "LoopOptions()"))
      .def("start", &ControlLoop::start, release)
      .def("stop", &ControlLoop::stop, release)
      .def("request_arm", &ControlLoop::request_arm)
      .def("withdraw_arm", &ControlLoop::withdraw_arm,
           "Takes an arming back that no tick has tried yet; False when one has.")
      .def("request_damp", &ControlLoop::request_damp)
      .def("request_reset", &ControlLoop::request_reset)
      .def("request_emergency_stop", &ControlLoop::request_emergency_stop)
      .def("request_clear_emergency", &ControlLoop::request_clear_emergency)
      .def("beat", &ControlLoop::beat, "As ControlTick.beat, now.")
      .def("wait_done", &ControlLoop::wait_done, release, py::arg("timeout_s"),
           "Waits for the end of all plans accepted, or damping; whether either came.")
      .def_property_readonly("is_running", &ControlLoop::is_running)
      .def_property_readonly("guard_status", &ControlLoop::guard_status)
      .def_property_readonly("arm_attempts", &ControlLoop::arm_attempts,
                             "Attempts to arm whose outcome `arm_refusal` tells.")
      .def_property_readonly(
          "arm_refusal", [](ControlLoop& loop) { return describe(loop.arm_outcome()); },
          "Why the last arming was refused; empty when granted or never tried.")
      .def_property_readonly("counts", &ControlLoop::counts);
}

}  // namespace

void bind_runtime(py::module_& m) {
  m.doc() = "The tick, the loop that runs it, and its records.";
  bind_clocks(m);
  bind_tick(m);
  bind_loop(m);
}

}  // namespace exoactor
