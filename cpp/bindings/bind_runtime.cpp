#include "record_columns.hpp"
#include "recorded_rows.hpp"

#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/runtime/control_loop.hpp>
#include <exoactor/runtime/tick_claim.hpp>

namespace py = pybind11;

namespace exoactor {
namespace {

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

/// Steps the tick on recorded measurements, rows `begin` .. `end` of `columns`.
void step_recorded(ControlTick& tick, const py::dict& columns, py::ssize_t begin, py::ssize_t end,
                   RecordRing& ring) {
  const TickClaim claim(tick);
  const RecordedSensors sensors(columns, begin, end);
  const RecordedContext contexts(columns, begin, end);
  TickRecord record;
  for (py::ssize_t row = begin; row < end; ++row) {
    const GuardContext context = contexts.at(row);
    tick.beat(context.heartbeat_ns);
    tick.step(sensors.at(row), context.health, sensors.now_ns(row), record);
    ring.push(record);
  }
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
      .def(
          "drain", [](RecordRing& ring) { return tick_columns(pop_all(ring)); },
          "All records, oldest first: {column: [N] or [N, k] array}.")
      .def(
          "take",
          [](RecordRing& ring) {
            const std::vector<TickRecord> records = pop_all(ring);
            return py::make_tuple(tick_columns(records), input_columns(records));
          },
          "As drain(), and the inputs of those ticks that had new ones, see TickInputs.")
      .def_property_readonly("dropped", &RecordRing::dropped);
  py::class_<ControlTick, std::shared_ptr<ControlTick>>(
      m, "ControlTick", "estimate -> control -> enforce, the same on every robot.")
      .def(py::init(
               [](const std::string& model_path, const GuardLimits& limits, const WbcGains& gains) {
                 return std::make_shared<ControlTick>(
                     std::make_shared<const RobotModel>(model_path), limits, gains);
               }),
           py::arg("model_path"),
           py::arg_v("limits", default_guard_limits(), "exoactor_rt._core.safety.GuardLimits()"),
           py::arg_v("gains", WbcGains(), "exoactor_rt._core.control.WbcGains()"))
      .def("step", &step_tick, py::arg("sensors"), py::arg("now_ns"), py::arg("ring"),
           py::arg_v("health", RobotHealth(), "exoactor_rt._core.types.RobotHealth()"),
           "One tick in lock-step; the command to send, or None while silent.")
      .def("step_recorded", &step_recorded, py::arg("columns"), py::arg("begin"), py::arg("end"),
           py::arg("ring"), "Steps on the measurements of a log's rows; records go to the ring.")
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
          "pose",
          [](ControlTick& tick, std::int64_t now_ns) {
            const TickClaim claim(tick);
            return tick.pose(now_ns).granted();
          },
          py::arg("now_ns"),
          "Leads a hanging robot to the standing posture; whether it was granted, see "
          "`arm_refusal`.")
      .def_property_readonly("posed", &ControlTick::posed,
                             "Whether the standing posture is reached, in pose.")
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
      .def(
          "stop_for_good",
          [](ControlTick& tick, std::int64_t now_ns) {
            const TickClaim claim(tick);
            tick.stop_for_good(now_ns);
          },
          py::arg("now_ns"), "Emergency stop.")
      .def("clear_emergency",
           [](ControlTick& tick) {
             const TickClaim claim(tick);
             tick.clear_emergency();
           })
      .def_property_readonly("plans_done", &ControlTick::plans_done,
                             "Whether there were plans since arming and all have ended.")
      .def_property_readonly(
          "arm_refusal",
          [](ControlTick& tick) {
            const TickClaim claim(tick);
            return describe(tick.arm_outcome());
          },
          "Why the last arming or posing was refused; empty when granted or never tried.")
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
      .def_readwrite("lock_memory", &LoopOptions::lock_memory)
      .def_readwrite("cpu", &LoopOptions::cpu)
      .def_readwrite("keep_awake", &LoopOptions::keep_awake);
  py::class_<LoopRights>(m, "LoopRights", "Empty strings mean granted or not asked for.")
      .def_readonly("scheduler_refusal", &LoopRights::scheduler_refusal)
      .def_readonly("memory_refusal", &LoopRights::memory_refusal)
      .def_readonly("cpu_refusal", &LoopRights::cpu_refusal)
      .def_readonly("awake_refusal", &LoopRights::awake_refusal);
  py::class_<LoopCounts>(m, "LoopCounts")
      .def_readonly("ticks", &LoopCounts::ticks)
      .def_readonly("late_ticks", &LoopCounts::late_ticks)
      .def_readonly("missed_periods", &LoopCounts::missed_periods)
      .def_readonly("blind_ticks", &LoopCounts::blind_ticks)
      .def_readonly("worst_late_ns", &LoopCounts::worst_late_ns)
      .def_readonly("dropped_records", &LoopCounts::dropped_records)
      .def_readonly("lateness", &LoopCounts::lateness,
                    "Ticks by how late they began; one bin more than LATENESS_EDGES_NS.");
  m.attr("LATENESS_EDGES_NS") = py::tuple(py::cast(kLatenessEdges));
  const auto release = py::call_guard<py::gil_scoped_release>();
  py::class_<ControlLoop>(m, "ControlLoop", "A thread that runs the tick on an absolute clock.")
      .def(py::init<std::shared_ptr<RobotInterface>, std::shared_ptr<ControlTick>,
                    std::shared_ptr<Clock>, std::shared_ptr<RecordRing>, const LoopOptions&>(),
           py::arg("robot"), py::arg("tick"), py::arg("clock"), py::arg("ring"),
           py::arg_v("options", LoopOptions(), "LoopOptions()"))
      .def("start", &ControlLoop::start, release)
      .def("stop", &ControlLoop::stop, release)
      .def("request_arm", &ControlLoop::request_arm)
      .def("request_pose", &ControlLoop::request_pose)
      .def("withdraw_arm", &ControlLoop::withdraw_arm,
           "Takes an arming or posing back that no tick has tried yet; False when one has.")
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
                             "Attempts to arm or pose whose outcome `arm_refusal` tells.")
      .def_property_readonly(
          "arm_refusal", [](ControlLoop& loop) { return describe(loop.arm_outcome()); },
          "Why the last arming or posing was refused; empty when granted or never tried.")
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
