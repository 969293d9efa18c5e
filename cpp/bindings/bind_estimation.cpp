#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exoactor/estimation/state_estimator.hpp>
#include <vector>

namespace py = pybind11;

namespace exoactor {
namespace {

/// Runs a fresh estimator over recorded measurements with both feet standing.
RobotState replay(const std::shared_ptr<RobotModel>& model,
                  const std::vector<SensorState>& measurements) {
  StateEstimator estimator(model);
  for (const SensorState& sensors : measurements) {
    estimator.update(sensors, {true, true}, sensors.stamp_ns);
  }
  return estimator.state();
}

}  // namespace

void bind_estimation(py::module_& m) {
  m.doc() = "Sensors to floating-base state.";
  py::class_<StateEstimator>(m, "StateEstimator",
                             "Kalman filter over IMU and leg kinematics; the world is anchored at "
                             "the first update after a reset.")
      .def(py::init([](std::shared_ptr<RobotModel> model) {
             return std::make_unique<StateEstimator>(std::move(model));
           }),
           py::arg("model"))
      .def("reset", &StateEstimator::reset)
      .def(
          "update",
          [](StateEstimator& estimator, const SensorState& sensors,
             const std::array<bool, 2>& contact, std::int64_t now_ns, bool sensed) {
            const auto source = sensed ? ContactSource::kSensed : ContactSource::kCommanded;
            return estimator.update(sensors, contact, now_ns, source);
          },
          py::arg("sensors"), py::arg("contact"), py::arg("now_ns"), py::arg("sensed") = false,
          "The RobotState at `now_ns`; `contact` says which soles stand still, as commanded or, "
          "with `sensed`, as found: such feet may roll over heel and toe.")
      .def_property_readonly("state", [](const StateEstimator& e) { return e.state(); })
      .def_property_readonly("standing", &StateEstimator::standing, "[2] feet that stand")
      .def_property_readonly("accel_bias_in_imu", &StateEstimator::accel_bias_in_imu, "[3] m/s^2")
      .def_property_readonly("gyro_bias_in_imu", &StateEstimator::gyro_bias_in_imu, "[3] rad/s");
  m.def("replay", &replay, py::arg("model"), py::arg("measurements"),
        py::call_guard<py::gil_scoped_release>(),
        "The last RobotState of a fresh estimator over measurements, both feet standing.");
}

}  // namespace exoactor
