#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/control/controller_switch.hpp>
#include <exoactor/control/plan_check.hpp>
#include <exoactor/control/standing_ramp.hpp>
#include <exoactor/control/whole_body_controller.hpp>
#include <vector>

namespace py = pybind11;

namespace exoactor {
namespace {

void bind_telemetry(py::module_& m) {
  py::enum_<Activity>(m, "Activity")
      .value("HOLD", Activity::kHold)
      .value("STANCE", Activity::kStance)
      .value("SHIFT", Activity::kShift)
      .value("DOUBLE_SUPPORT", Activity::kDoubleSupport)
      .value("SWING", Activity::kSwing)
      .value("SETTLE", Activity::kSettle)
      .value("TRACK", Activity::kTrack);
  py::enum_<Driver>(m, "Driver", "Which controller drives the robot.")
      .value("WHOLE_BODY", Driver::kWholeBody)
      .value("TO_TRACKER", Driver::kToTracker)
      .value("TRACKER", Driver::kTracker)
      .value("TO_WHOLE_BODY", Driver::kToWholeBody);
  py::enum_<ControlStatus>(m, "ControlStatus")
      .value("OK", ControlStatus::kOk)
      .value("HELD_SOLUTION", ControlStatus::kHeldSolution)
      .value("FAILED", ControlStatus::kFailed)
      .value("RELAXED", ControlStatus::kRelaxed);
  using T = ControlTelemetry;
  py::class_<T>(m, "ControlTelemetry", "What one tick leaves behind.")
      .def_readonly("stamp_ns", &T::stamp_ns)
      .def_readonly("activity", &T::activity)
      .def_readonly("status", &T::status)
      .def_readonly("has_plan", &T::has_plan)
      .def_readonly("done", &T::done, "the plan has ended and the robot stands")
      .def_readonly("phase_index", &T::phase_index)
      .def_readonly("reference_time_s", &T::reference_time_s)
      .def_readonly("blend", &T::blend, "0 standing pose, 1 reference")
      .def_readonly("steps_done", &T::steps_done)
      .def_readonly("steps_planned", &T::steps_planned)
      .def_readonly("planned_joint_position", &T::planned_joint_position, "[29] rad")
      .def_readonly("desired_joint_position", &T::desired_joint_position, "[29] rad, rate-limited")
      .def_readonly("planned_com_in_world", &T::planned_com_in_world, "[3] m")
      .def_readonly("com_in_world", &T::com_in_world, "[3] m")
      .def_readonly("planned_dcm_in_world", &T::planned_dcm_in_world, "[2] m")
      .def_readonly("dcm_in_world", &T::dcm_in_world, "[2] m")
      .def_readonly("zmp_in_world", &T::zmp_in_world, "[2] m, commanded")
      .def_readonly("foot_position_in_world", &T::foot_position_in_world, "[2][3] m, ankles")
      .def_readonly("foot_target_in_world", &T::foot_target_in_world, "[2][3] m")
      .def_readonly("step_adjustment_in_world", &T::step_adjustment_in_world, "[2] m")
      .def_readonly("heading_rad", &T::heading_rad)
      .def_readonly("contact", &T::contact, "[2] commanded")
      .def_readonly("planned_foot_force_in_world", &T::planned_foot_force_in_world, "[2][3] N")
      .def_readonly("smallest_gap_m", &T::smallest_gap_m, "m, between the robot's own links")
      .def_readonly("qp_status", &T::qp_status, "0 = optimal")
      .def_readonly("qp_iterations", &T::qp_iterations)
      .def_readonly("qp_failures", &T::qp_failures, "ticks that held the previous solution")
      .def_readonly("qp_relaxed", &T::qp_relaxed, "ticks solved without the joints' limits")
      .def_readonly("dynamics_us", &T::dynamics_us, "thread CPU time")
      .def_readonly("qp_us", &T::qp_us)
      .def_readonly("tick_us", &T::tick_us);
}

/// Task weights, gains and limits of the QP.
void bind_gains(py::module_& m) {
  py::class_<WbcGains>(m, "WbcGains", "Weights, gains and limits of the whole-body controller.")
      .def(py::init<>())
      .def_readwrite("com_weight", &WbcGains::com_weight)
      .def_readwrite("angular_momentum_weight", &WbcGains::angular_momentum_weight)
      .def_readwrite("angular_momentum_damping", &WbcGains::angular_momentum_damping)
      .def_readwrite("attitude_weight", &WbcGains::attitude_weight)
      .def_readwrite("yaw_weight", &WbcGains::yaw_weight)
      .def_readwrite("attitude_stiffness", &WbcGains::attitude_stiffness)
      .def_readwrite("attitude_damping", &WbcGains::attitude_damping)
      .def_readwrite("swing_weight", &WbcGains::swing_weight)
      .def_readwrite("swing_stiffness", &WbcGains::swing_stiffness)
      .def_readwrite("swing_damping", &WbcGains::swing_damping)
      .def_readwrite("stance_damping", &WbcGains::stance_damping)
      .def_readwrite("stance_weight", &WbcGains::stance_weight)
      .def_readwrite("leg_posture_weight", &WbcGains::leg_posture_weight)
      .def_readwrite("upper_posture_weight", &WbcGains::upper_posture_weight)
      .def_readwrite("posture_stiffness", &WbcGains::posture_stiffness)
      .def_readwrite("posture_damping", &WbcGains::posture_damping)
      .def_readwrite("acceleration_weight", &WbcGains::acceleration_weight)
      .def_readwrite("normal_force_weight", &WbcGains::normal_force_weight)
      .def_readwrite("tangential_force_weight", &WbcGains::tangential_force_weight)
      .def_readwrite("friction", &WbcGains::friction)
      .def_readwrite("torque_share", &WbcGains::torque_share)
      .def_readwrite("max_joint_speed", &WbcGains::max_joint_speed)
      .def_readwrite("limit_horizon_s", &WbcGains::limit_horizon_s)
      .def_readwrite("min_knee_position", &WbcGains::min_knee_position)
      .def_readwrite("collision_gap_m", &WbcGains::collision_gap_m)
      .def_readwrite("collision_horizon_m", &WbcGains::collision_horizon_m)
      .def_readwrite("collision_rate", &WbcGains::collision_rate)
      .def_readwrite("max_collision_acceleration", &WbcGains::max_collision_acceleration);
}

/// CPU times [N, 3] us (dynamics, QP, whole step) of a fresh controller over recorded states; the
/// plan is handed over before state `plan_at`.
using TimeTable = Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>;
TimeTable replay_times(const std::shared_ptr<RobotModel>& model,
                       const std::shared_ptr<const Plan>& plan,
                       const std::vector<RobotState>& states, std::size_t plan_at) {
  WholeBodyController controller(model);
  TimeTable times(static_cast<Eigen::Index>(states.size()), 3);
  for (std::size_t index = 0; index < states.size(); ++index) {
    if (index == plan_at) {
      const std::string defect = controller.offer_plan(plan);
      if (!defect.empty()) throw std::invalid_argument(defect);
    }
    controller.step(states[index], states[index].stamp_ns);
    const ControlTelemetry& telemetry = controller.telemetry();
    times.row(static_cast<Eigen::Index>(index)) << telemetry.dynamics_us, telemetry.qp_us,
        telemetry.tick_us;
  }
  return times;
}

}  // namespace

void bind_control(py::module_& m) {
  m.doc() = "The whole-body controller.";
  bind_telemetry(m);
  bind_gains(m);
  m.attr("TARGET_LATE_NS") = kTargetLate;
  m.attr("TARGET_LOST_NS") = kTargetLost;
  m.def(
      "blend_commands",
      [](const JointCommand& from, const JointCommand& to, double share) {
        JointCommand blended;
        blend_commands(from, to, share, blended);
        return blended;
      },
      py::arg("from_"), py::arg("to"), py::arg("share"),
      "The command whose torque is (1 - share) of the one and share of the other, at any state.");
  m.def(
      "standing_posture", [] { return standing_posture(); },
      "[29] rad, to which a hanging robot is led.");
  m.def("find_plan_defect", &find_plan_defect, py::arg("plan"),
        "Why a plan cannot be executed, in one line; empty when it can.");
  py::class_<WholeBodyController>(m, "WholeBodyController",
                                  "Executes a Plan, and stands when there is none.")
      .def(py::init([](std::shared_ptr<RobotModel> model) {
             return std::make_unique<WholeBodyController>(std::move(model));
           }),
           py::arg("model"))
      .def("reset", &WholeBodyController::reset, "Forgets plan, failures and motor targets.")
      .def(
          "offer_plan",
          [](WholeBodyController& controller, const Plan& plan) {
            return controller.offer_plan(std::make_shared<const Plan>(plan));
          },
          py::arg("plan"), "Copies and hands over a plan; returns why it is refused, or ''.")
      .def(
          "step",
          [](WholeBodyController& controller, const RobotState& state, std::int64_t now_ns) {
            return controller.step(state, now_ns);
          },
          py::arg("state"), py::arg("now_ns"), "The JointCommand that answers `state`.")
      .def_property_readonly("standing_feet", &WholeBodyController::standing_feet,
                             "[2] contact flags for the estimator's next update")
      .def_property_readonly("telemetry",
                             [](const WholeBodyController& c) { return c.telemetry(); });
  m.def(
      "replay_times",
      [](const std::shared_ptr<RobotModel>& model, const Plan& plan,
         const std::vector<RobotState>& states, std::size_t plan_at) {
        return replay_times(model, std::make_shared<const Plan>(plan), states, plan_at);
      },
      py::arg("model"), py::arg("plan"), py::arg("states"), py::arg("plan_at") = 0,
      py::call_guard<py::gil_scoped_release>(),
      "Runs a fresh controller over recorded states, the plan handed over before the one numbered "
      "`plan_at`; CPU times [N, 3] us: dynamics, QP, step.");
}

}  // namespace exoactor
