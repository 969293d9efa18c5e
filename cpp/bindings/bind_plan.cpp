#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/types/plan.hpp>

namespace py = pybind11;

namespace exoactor {
namespace {

void bind_enums(py::module_& m) {
  py::enum_<PlanLevel>(m, "PlanLevel")
      .value("NOMINAL", PlanLevel::kNominal)
      .value("TIGHT", PlanLevel::kTight)
      .value("STANCE_ONLY", PlanLevel::kStanceOnly);
  py::enum_<PhaseKind>(m, "PhaseKind")
      .value("STANCE", PhaseKind::kStance)
      .value("WALK", PhaseKind::kWalk);
  py::enum_<Side>(m, "Side").value("LEFT", kLeft).value("RIGHT", kRight);
}

void bind_steps(py::module_& m) {
  py::class_<Footstep>(m, "Footstep", "One footstep, relative to the stance foot's yaw frame.")
      .def(py::init<>())
      .def_readwrite("side", &Footstep::side)
      .def_readwrite("forward_m", &Footstep::forward_m)
      .def_readwrite("lateral_m", &Footstep::lateral_m, "outward, positive")
      .def_readwrite("yaw_rad", &Footstep::yaw_rad)
      .def_readwrite("swing_s", &Footstep::swing_s)
      .def_readwrite("lift_m", &Footstep::lift_m)
      .def_readwrite("reference_liftoff_s", &Footstep::reference_liftoff_s)
      .def_readwrite("reference_touchdown_s", &Footstep::reference_touchdown_s)
      .def_readwrite("inserted", &Footstep::inserted, "not in the reference");
  py::class_<Phase>(m, "Phase", "Standing on both feet, or a burst of steps.")
      .def(py::init<>())
      .def_readwrite("kind", &Phase::kind)
      .def_readwrite("reference_start_s", &Phase::reference_start_s)
      .def_readwrite("reference_end_s", &Phase::reference_end_s)
      .def_readwrite("duration_s", &Phase::duration_s, "stance only")
      .def_readwrite("blend_start", &Phase::blend_start)
      .def_readwrite("blend_end", &Phase::blend_end)
      .def_readwrite("first_step", &Phase::first_step, "into Plan.steps")
      .def_readwrite("step_count", &Phase::step_count);
}

void bind_posture(py::module_& m) {
  py::class_<PostureTrack>(m, "PostureTrack", "The posture to follow, by reference time.")
      .def(py::init<>())
      .def_readwrite("rate_hz", &PostureTrack::rate_hz)
      .def_readwrite("joint_position", &PostureTrack::joint_position, "[T, 29] rad, SDK order")
      .def_readwrite("quat_heading_torso_wxyz", &PostureTrack::quat_heading_torso_wxyz, "[T, 4]")
      .def_readwrite("quat_heading_pelvis_wxyz", &PostureTrack::quat_heading_pelvis_wxyz, "[T, 4]")
      .def_readwrite("com_height", &PostureTrack::com_height, "[T] m above the soles");
}

}  // namespace

void bind_plan(py::module_& m) {
  bind_enums(m);
  bind_steps(m);
  bind_posture(m);
  py::class_<PlanChange>(m, "PlanChange", "What planning changed or left out.")
      .def(py::init<>())
      .def_readwrite("what", &PlanChange::what)
      .def_readwrite("reference_start_s", &PlanChange::reference_start_s)
      .def_readwrite("reference_end_s", &PlanChange::reference_end_s)
      .def_readwrite("asked", &PlanChange::asked)
      .def_readwrite("given", &PlanChange::given)
      .def_readwrite("unit", &PlanChange::unit)
      .def_readwrite("why", &PlanChange::why);
  py::class_<Plan, std::shared_ptr<Plan>>(
      m, "Plan",
      "Phases over footsteps, with the posture. Lists are copied on reading and writing.")
      .def(py::init<>())
      .def(py::init<const Plan&>())
      .def_readwrite("level", &Plan::level)
      .def_readwrite("standing_position", &Plan::standing_position, "[29] rad, pose at blend 0")
      .def_readwrite("posture", &Plan::posture)
      .def_readwrite("steps", &Plan::steps)
      .def_readwrite("phases", &Plan::phases)
      .def_readwrite("changes", &Plan::changes);
}

}  // namespace exoactor
