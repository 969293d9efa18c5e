#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>

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
      .def_property_readonly("centroidal_momentum_bias",
                             [](const DynamicsData& d) { return d.centroidal_momentum_bias; })
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
  py::class_<RobotModel>(m, "RobotModel")
      .def(py::init<const std::string&>(), py::arg("path"),
           py::call_guard<py::gil_scoped_release>(),
           "Reads an MJCF; raises RuntimeError when its joints are not the joint table's.")
      .def_property_readonly("mass_kg", &RobotModel::mass_kg)
      .def("update", &update_at, py::arg("base_position_in_world"), py::arg("quat_world_base_wxyz"),
           py::arg("base_linear_velocity_in_world"), py::arg("base_angular_velocity_in_base"),
           py::arg("joint_position"), py::arg("joint_velocity"),
           py::call_guard<py::gil_scoped_release>(),
           "Dynamics at one state. Generalised velocity: base linear and angular velocity, both "
           "in the base frame, then 29 joints in SDK order.");
}

}  // namespace exoactor
