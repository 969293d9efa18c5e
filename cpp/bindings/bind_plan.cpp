#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/types/plan.hpp>

namespace py = pybind11;

namespace exoactor {
namespace {

/// Copies in and out: Python never holds memory of a plan.
template <typename Class, typename Field, typename PyClass>
void copied(PyClass& bound, const char* name, Field Class::* field) {
  bound.def_property(
      name, [field](const Class& self) { return Field(self.*field); },
      [field](Class& self, const Field& value) { self.*field = value; });
}

void bind_enums(py::module_& m) {
  py::enum_<PlanLevel>(m, "PlanLevel", "How much of a reference a plan may ask for.")
      .value("NOMINAL", PlanLevel::kNominal)
      .value("TIGHT", PlanLevel::kTight)
      .value("STANCE_ONLY", PlanLevel::kStanceOnly);
  py::enum_<PhaseKind>(m, "PhaseKind")
      .value("STANCE", PhaseKind::kStance)
      .value("WALK", PhaseKind::kWalk);
  py::enum_<Side>(m, "Side").value("LEFT", kLeft).value("RIGHT", kRight);
}

void bind_steps(py::module_& m) {
  py::class_<AskedStep>(m, "AskedStep", "What the reference did at a footstep, before limits.")
      .def(py::init<>())
      .def_readwrite("forward_m", &AskedStep::forward_m)
      .def_readwrite("lateral_m", &AskedStep::lateral_m)
      .def_readwrite("yaw_rad", &AskedStep::yaw_rad)
      .def_readwrite("swing_s", &AskedStep::swing_s)
      .def_readwrite("lift_m", &AskedStep::lift_m);
  py::class_<FootKeyframe>(m, "FootKeyframe",
                           "Where a raised foot passes, relative to the stance foot.")
      .def(py::init<>())
      .def_readwrite("time_s", &FootKeyframe::time_s)
      .def_readwrite("forward_m", &FootKeyframe::forward_m)
      .def_readwrite("lateral_m", &FootKeyframe::lateral_m)
      .def_readwrite("height_m", &FootKeyframe::height_m)
      .def_readwrite("yaw_rad", &FootKeyframe::yaw_rad)
      .def_readwrite("pitch_rad", &FootKeyframe::pitch_rad);
  py::class_<Footstep> step(m, "Footstep", "One footstep, relative to the stance foot.");
  step.def(py::init<>())
      .def_readwrite("side", &Footstep::side)
      .def_readwrite("forward_m", &Footstep::forward_m)
      .def_readwrite("lateral_m", &Footstep::lateral_m)
      .def_readwrite("yaw_rad", &Footstep::yaw_rad)
      .def_readwrite("swing_s", &Footstep::swing_s)
      .def_readwrite("lift_m", &Footstep::lift_m)
      .def_readwrite("reference_liftoff_s", &Footstep::reference_liftoff_s)
      .def_readwrite("reference_touchdown_s", &Footstep::reference_touchdown_s)
      .def_readwrite("first_keyframe", &Footstep::first_keyframe)
      .def_readwrite("keyframe_count", &Footstep::keyframe_count)
      .def_readwrite("inserted", &Footstep::inserted);
  copied(step, "asked", &Footstep::asked);
}

void bind_phases(py::module_& m) {
  py::class_<Phase>(m, "Phase", "Standing on both feet, or a burst of steps.")
      .def(py::init<>())
      .def_readwrite("kind", &Phase::kind)
      .def_readwrite("reference_start_s", &Phase::reference_start_s)
      .def_readwrite("reference_end_s", &Phase::reference_end_s)
      .def_readwrite("duration_s", &Phase::duration_s)
      .def_readwrite("blend_start", &Phase::blend_start)
      .def_readwrite("blend_end", &Phase::blend_end)
      .def_readwrite("first_step", &Phase::first_step)
      .def_readwrite("step_count", &Phase::step_count);
  py::class_<BurstTiming>(m, "BurstTiming", "What a burst takes besides its swings.")
      .def(py::init<>())
      .def_readwrite("shift_s", &BurstTiming::shift_s)
      .def_readwrite("double_support_s", &BurstTiming::double_support_s)
      .def_readwrite("settle_s", &BurstTiming::settle_s);
  py::class_<PlanChange>(m, "PlanChange", "What planning changed or left out.")
      .def(py::init<>())
      .def_readwrite("what", &PlanChange::what)
      .def_readwrite("reference_start_s", &PlanChange::reference_start_s)
      .def_readwrite("reference_end_s", &PlanChange::reference_end_s)
      .def_readwrite("asked", &PlanChange::asked)
      .def_readwrite("given", &PlanChange::given)
      .def_readwrite("unit", &PlanChange::unit)
      .def_readwrite("why", &PlanChange::why);
}

void bind_whole(py::module_& m) {
  py::class_<PostureTrack> track(m, "PostureTrack", "The posture to follow, by reference time.");
  track.def(py::init<>()).def_readwrite("rate_hz", &PostureTrack::rate_hz);
  copied(track, "joint_position", &PostureTrack::joint_position);
  copied(track, "quat_heading_torso_wxyz", &PostureTrack::quat_heading_torso_wxyz);
  copied(track, "quat_heading_pelvis_wxyz", &PostureTrack::quat_heading_pelvis_wxyz);
  copied(track, "com_height", &PostureTrack::com_height);
  py::class_<Plan, std::shared_ptr<Plan>> plan(
      m, "Plan",
      "Phases over footsteps, with the posture by reference time. Reading a field "
      "gives a copy: assign it to change the plan.");
  plan.def(py::init<>())
      .def(py::init<const Plan&>(), py::arg("other"))
      .def_readwrite("level", &Plan::level);
  copied(plan, "standing_position", &Plan::standing_position);
  copied(plan, "posture", &Plan::posture);
  copied(plan, "steps", &Plan::steps);
  copied(plan, "foot_keyframes", &Plan::foot_keyframes);
  copied(plan, "phases", &Plan::phases);
  copied(plan, "changes", &Plan::changes);
  copied(plan, "burst", &Plan::burst);
}

}  // namespace

void bind_plan(py::module_& m) {
  bind_enums(m);
  bind_steps(m);
  bind_phases(m);
  bind_whole(m);
}

}  // namespace exoactor
