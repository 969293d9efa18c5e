#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>

#include <chrono>
#include <exoactor/model/robot_model.hpp>

namespace py = pybind11;

namespace exoactor {
namespace {

/// One link's motion as a Python object holding copies.
void bind_link_motion(py::module_& m) {
  py::class_<LinkMotion>(m, "LinkMotion")
      .def_property_readonly("R_world_link", [](const LinkMotion& l) { return l.R_world_link; })
      .def_property_readonly("position_in_world",
                             [](const LinkMotion& l) { return l.position_in_world; })
      .def_property_readonly("velocity", [](const LinkMotion& l) { return l.velocity; })
      .def_property_readonly("bias_acceleration",
                             [](const LinkMotion& l) { return l.bias_acceleration; })
      .def_property_readonly("jacobian", [](const LinkMotion& l) { return l.jacobian; });
}

void bind_dynamics(py::module_& m) {
  py::class_<DynamicsData>(m, "DynamicsData")
      .def_property_readonly("mass_matrix", [](const DynamicsData& d) { return d.mass_matrix; })
      .def_property_readonly("bias_force", [](const DynamicsData& d) { return d.bias_force; })
      .def_property_readonly("com_in_world", [](const DynamicsData& d) { return d.com_in_world; })
      .def_property_readonly("com_velocity_in_world",
                             [](const DynamicsData& d) { return d.com_velocity_in_world; })
      .def_property_readonly("centroidal_momentum",
                             [](const DynamicsData& d) { return d.centroidal_momentum; })
      .def_property_readonly("centroidal_map",
                             [](const DynamicsData& d) { return d.centroidal_map; })
      .def(
          "link", [](const DynamicsData& d, Link link) { return d.links.at(link); },
          py::arg("link"));
}

std::unique_ptr<DynamicsData> update_at(const RobotModel& model, const Eigen::Vector3d& position,
                                        const Eigen::Vector4d& quat_wxyz,
                                        const Eigen::Vector3d& linear_velocity,
                                        const Eigen::Vector3d& angular_velocity,
                                        const JointVector& joint_position,
                                        const JointVector& joint_velocity) {
  RobotState state;
  state.base_position_in_world = position;
  state.quat_world_base_wxyz = quat_wxyz;
  state.base_linear_velocity_in_world = linear_velocity;
  state.base_angular_velocity_in_base = angular_velocity;
  state.joint_position = joint_position;
  state.joint_velocity = joint_velocity;
  auto data = model.make_data();
  model.update(state, *data);
  return data;
}

/// Mean time of `repeats` updates in one workspace, for benchmarks and the allocation test.
double time_update(const RobotModel& model, int repeats) {
  RobotState state;
  state.base_angular_velocity_in_base << 0.1, -0.2, 0.3;
  state.joint_velocity.setConstant(0.5);
  const auto data = model.make_data();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < repeats; ++i) {
    state.joint_position[i % kNumJoints] += 1e-4;
    model.update(state, *data);
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  return elapsed.count() / repeats;
}

}  // namespace

void bind_model(py::module_& m) {
  m.doc() = "Rigid-body dynamics of the robot.";
  py::enum_<Link>(m, "Link")
      .value("LEFT_FOOT", kLeftFootLink)
      .value("RIGHT_FOOT", kRightFootLink)
      .value("PELVIS", kPelvisLink)
      .value("TORSO", kTorsoLink)
      .value("LEFT_HAND", kLeftHandLink)
      .value("RIGHT_HAND", kRightHandLink);
  bind_link_motion(m);
  bind_dynamics(m);
  py::class_<RobotModel, std::shared_ptr<RobotModel>>(m, "RobotModel")
      .def(py::init<const std::string&>(), py::arg("path"),
           py::call_guard<py::gil_scoped_release>(),
           "Reads an MJCF; raises RuntimeError when its joints are not the joint table's.")
      .def_property_readonly("mass_kg", &RobotModel::mass_kg)
      .def("update", &update_at, py::arg("base_position_in_world"), py::arg("quat_world_base_wxyz"),
           py::arg("base_linear_velocity_in_world"), py::arg("base_angular_velocity_in_base"),
           py::arg("joint_position"), py::arg("joint_velocity"),
           py::call_guard<py::gil_scoped_release>(),
           "Dynamics at one state. Generalised velocity: base linear and angular velocity, both "
           "in the base frame, then 29 joints in SDK order.")
      .def("time_update", &time_update, py::arg("repeats"),
           py::call_guard<py::gil_scoped_release>(),
           "Mean seconds of one update, workspace reused, over `repeats` updates.");
}

}  // namespace exoactor
