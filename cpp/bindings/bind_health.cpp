#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/types/robot_health.hpp>

namespace py = pybind11;

namespace exoactor {

void bind_health(py::module_& m) {
  m.attr("MOTOR_TIMEOUT_FAULT") = kMotorTimeoutFault;
  py::enum_<RemoteButton>(m, "RemoteButton", "Bits of RemoteController.buttons.")
      .value("R1", RemoteButton::kR1)
      .value("L1", RemoteButton::kL1)
      .value("START", RemoteButton::kStart)
      .value("SELECT", RemoteButton::kSelect)
      .value("R2", RemoteButton::kR2)
      .value("L2", RemoteButton::kL2)
      .value("F1", RemoteButton::kF1)
      .value("F2", RemoteButton::kF2)
      .value("A", RemoteButton::kA)
      .value("B", RemoteButton::kB)
      .value("X", RemoteButton::kX)
      .value("Y", RemoteButton::kY)
      .value("UP", RemoteButton::kUp)
      .value("RIGHT", RemoteButton::kRight)
      .value("DOWN", RemoteButton::kDown)
      .value("LEFT", RemoteButton::kLeft);
  py::class_<RemoteController>(m, "RemoteController")
      .def(py::init<>())
      .def_readwrite("buttons", &RemoteController::buttons)
      .def_readwrite("left_x", &RemoteController::left_x)
      .def_readwrite("left_y", &RemoteController::left_y)
      .def_readwrite("right_x", &RemoteController::right_x)
      .def_readwrite("right_y", &RemoteController::right_y)
      .def("is_pressed", &RemoteController::is_pressed, py::arg("button"))
      .def_property_readonly("is_abort", &RemoteController::is_abort, "L2 and B together.");
  py::class_<RobotHealth>(
      m, "RobotHealth",
      "What a robot tells of itself beside the measurement, and what its link knows.")
      .def(py::init<>())
      .def_readwrite("stamp_ns", &RobotHealth::stamp_ns, "0: the robot tells none of this")
      .def_readwrite("tick_ms", &RobotHealth::tick_ms)
      .def_readwrite("mode_machine", &RobotHealth::mode_machine)
      .def_readwrite("surface_temperature_c", &RobotHealth::surface_temperature_c)
      .def_readwrite("winding_temperature_c", &RobotHealth::winding_temperature_c)
      .def_readwrite("motor_fault", &RobotHealth::motor_fault, "[29] bits")
      .def_readwrite("imu_temperature_c", &RobotHealth::imu_temperature_c)
      .def_readwrite("charge_percent", &RobotHealth::charge_percent, "-1: not told yet")
      .def_readwrite("other_publishers", &RobotHealth::other_publishers)
      .def_readwrite("bad_crc", &RobotHealth::bad_crc)
      .def_readwrite("remote", &RobotHealth::remote);
}

}  // namespace exoactor
