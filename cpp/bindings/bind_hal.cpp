#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>

#include <chrono>
#include <exoactor/hal/exchange_robot.hpp>
#include <exoactor/hal/mock_robot.hpp>
#include <memory>
#include <optional>
#include <thread>

namespace py = pybind11;

namespace exoactor {
namespace {

std::int64_t steady_now_ns() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A pattern that a torn read cannot satisfy: every field derives from the stamp.
SensorState patterned_state(std::int64_t stamp) {
  SensorState state;
  state.stamp_ns = stamp;
  state.joint_position.setConstant(static_cast<double>(stamp));
  state.joint_velocity.setConstant(static_cast<double>(-stamp));
  state.accel_in_imu.setConstant(static_cast<double>(stamp));
  return state;
}

/// Hammers an ExchangeRobot from two threads; counts reads that are torn or go back in time.
py::dict stress_exchange(std::int64_t writes) {
  ExchangeRobot robot;
  std::int64_t reads = 0, torn = 0, backwards = 0, last = 0;
  {
    py::gil_scoped_release release;
    std::thread writer([&] {
      for (std::int64_t i = 1; i <= writes; ++i) robot.feed(patterned_state(i));
    });
    SensorState state;
    while (last < writes) {
      if (!robot.read(state)) continue;
      ++reads;
      const auto value = static_cast<double>(state.stamp_ns);
      const bool whole = (state.joint_position.array() == value).all() &&
                         (state.joint_velocity.array() == -value).all() &&
                         (state.accel_in_imu.array() == value).all();
      torn += !whole;
      backwards += state.stamp_ns < last;
      last = state.stamp_ns;
    }
    writer.join();
  }
  py::dict result;
  result["reads"] = reads;
  result["torn"] = torn;
  result["backwards"] = backwards;
  return result;
}

}  // namespace

void bind_hal(py::module_& m) {
  m.doc() = "Robots as the control loop sees them.";
  py::class_<RobotInterface, std::shared_ptr<RobotInterface>>(m, "RobotInterface");
  py::class_<ExchangeRobot, RobotInterface, std::shared_ptr<ExchangeRobot>>(
      m, "ExchangeRobot", "The other end is another thread: it feeds sensors, takes commands.")
      .def(py::init<>())
      .def("feed", &ExchangeRobot::feed, py::arg("state"))
      .def("feed_health", &ExchangeRobot::feed_health, py::arg("health"))
      .def(
          "take",
          [](ExchangeRobot& robot) -> py::object {
            JointCommand command;
            if (!robot.take(command)) return py::none();
            return py::cast(command);
          },
          "The latest command, or None as long as there has been none.")
      .def_property_readonly("commands_written", &ExchangeRobot::commands_written);
  py::class_<MockRobot, RobotInterface, std::shared_ptr<MockRobot>>(
      m, "MockRobot", "Keeps still in its posture whatever it is told.")
      .def(py::init([](const JointVector& posture, const JointVector& joint_torque) {
             return std::make_shared<MockRobot>(&steady_now_ns, posture, joint_torque);
           }),
           py::arg("posture"), py::arg("joint_torque"),
           "`joint_torque` tells how it is borne: zero when it hangs.")
      .def_property_readonly(
          "last_command",
          [](const MockRobot& robot) -> JointCommand { return robot.last_command(); }, "A copy.");
  m.def("stress_exchange", &stress_exchange, py::arg("writes"),
        "Two threads on one exchange; returns counts of reads, torn reads and steps back.");
}

}  // namespace exoactor
