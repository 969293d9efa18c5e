#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/planning/check_plan.hpp>
#include <exoactor/planning/contact_labels.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <exoactor/planning/plan_clock.hpp>
#include <exoactor/planning/plan_motion.hpp>

namespace py = pybind11;

namespace exoactor {
namespace {

Reference make_reference(double rate_hz, const decltype(Reference::root_position_in_world)& root,
                         const decltype(Reference::quat_world_root_wxyz)& quat,
                         const decltype(Reference::joint_position)& joints,
                         const ContactMatrix& contact) {
  return {rate_hz, root, quat, joints, contact};
}

Plan plan_arrays(double rate_hz, const decltype(Reference::root_position_in_world)& root,
                 const decltype(Reference::quat_world_root_wxyz)& quat,
                 const decltype(Reference::joint_position)& joints, const ContactMatrix& contact,
                 const RobotModel& model, const JointVector& standing_position, PlanLevel level,
                 double stride) {
  return plan_motion(make_reference(rate_hz, root, quat, joints, contact), model, standing_position,
                     level, stride);
}

ContactMatrix label_arrays(double rate_hz, const decltype(Reference::root_position_in_world)& root,
                           const decltype(Reference::quat_world_root_wxyz)& quat,
                           const decltype(Reference::joint_position)& joints,
                           const RobotModel& model) {
  const Reference reference = make_reference(rate_hz, root, quat, joints, {});
  return label_contacts(track_body(reference, JointVector::Zero(), model));
}

/// The plan's clock as [N, 3]: execution s, reference s, 1 while stepping.
Eigen::MatrixX3d clock_of(const Plan& plan) {
  const std::vector<ClockCorner> corners = plan_clock(plan);
  Eigen::MatrixX3d rows(corners.size(), 3);
  for (std::size_t k = 0; k < corners.size(); ++k) {
    rows.row(static_cast<Eigen::Index>(k)) << corners[k].execution_s, corners[k].reference_s,
        corners[k].stepping ? 1.0 : 0.0;
  }
  return rows;
}

void translate_error(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const PlanningError& failure) {
    const py::object type = py::module_::import("exoactor_rt.errors").attr("PlanningError");
    PyErr_SetString(type.ptr(), failure.what());
  }
}

void bind_limits(py::module_& m) {
  using L = LevelLimits;
  py::class_<L>(m, "LevelLimits", "What a plan may ask of the controller.")
      .def_readonly("steps_allowed", &L::steps_allowed)
      .def_readonly("forward_min_m", &L::forward_min_m)
      .def_readonly("forward_max_m", &L::forward_max_m)
      .def_readonly("lateral_min_m", &L::lateral_min_m)
      .def_readonly("lateral_max_m", &L::lateral_max_m)
      .def_readonly("swing_min_s", &L::swing_min_s)
      .def_readonly("swing_max_s", &L::swing_max_s)
      .def_readonly("lift_min_m", &L::lift_min_m)
      .def_readonly("lift_max_m", &L::lift_max_m)
      .def_readonly("com_stepping_min_m", &L::com_stepping_min_m)
      .def_readonly("com_stepping_max_m", &L::com_stepping_max_m)
      .def("yaw_min_rad", &L::yaw_min_rad, py::arg("side"),
           "Lowest yaw of a step relative to the stance foot, left positive.")
      .def("yaw_max_rad", &L::yaw_max_rad, py::arg("side"), "Highest yaw of a step.");
  m.def("level_limits", &level_limits, py::arg("level"), "The limits of a rung of the ladder.");
}

}  // namespace

void bind_planning(py::module_& m) {
  m.doc() = "A robot reference becomes a feasible plan.";
  bind_limits(m);
  py::register_local_exception_translator(&translate_error);
  const py::call_guard<py::gil_scoped_release> release;
  m.def("plan_motion", &plan_arrays, py::arg("rate_hz"), py::arg("root_position_in_world"),
        py::arg("quat_world_root_wxyz"), py::arg("joint_position"), py::arg("contact"),
        py::arg("model"), py::arg("standing_position"), py::arg("level"), py::arg("stride"),
        release, "A feasible plan for a reference; raises PlanningError.");
  m.def("label_contacts", &label_arrays, py::arg("rate_hz"), py::arg("root_position_in_world"),
        py::arg("quat_world_root_wxyz"), py::arg("joint_position"), py::arg("model"), release,
        "Foot contacts [T, 2] of a reference that comes without them.");
  m.def("check_plan", &check_plan, py::arg("plan"), release,
        "Violations of the plan's level, one line each; empty when it may be executed.");
  m.def("plan_duration_s", &plan_duration_s, py::arg("plan"), "Nominal duration, blends included.");
  m.def("plan_stretch", &plan_stretch, py::arg("plan"),
        "Nominal duration between the blends over the reference's.");
  m.def("plan_clock", &clock_of, py::arg("plan"), release,
        "[N, 3] corners of the nominal clock: execution s, reference s, 1 while stepping.");
}

}  // namespace exoactor
