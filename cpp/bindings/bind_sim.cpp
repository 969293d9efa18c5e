#include <pybind11/eigen.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <exoactor/sim/lockstep.hpp>

namespace py = pybind11;

namespace exoactor {
namespace {

using Addresses = std::array<std::uintptr_t, 3>;
using Draws = py::array_t<double, py::array::c_style | py::array::forcecast>;
using JointIndices = std::array<int, kNumJoints>;

Physics::Function function_at(std::uintptr_t address) {
  return reinterpret_cast<Physics::Function>(address);
}

/// The memory of an array of doubles that MuJoCo shows in `owner`.
double* memory_of(const py::object& owner, const char* name) {
  const auto array = owner.attr(name).cast<py::array>();
  if (!py::isinstance<py::array_t<double>>(array) || (array.flags() & py::array::c_style) == 0 ||
      !array.writeable()) {
    throw std::runtime_error(std::string("MuJoCo: ") + name + " is no plain array of doubles");
  }
  return static_cast<double*>(const_cast<void*>(array.data()));
}

Physics physics_of(const Addresses& functions, const py::object& model, const py::object& data,
                   int pelvis, int accelerometer, const std::array<int, 3>& divergences,
                   const JointIndices& position_of, const JointIndices& velocity_of,
                   const JointIndices& control_of) {
  Physics physics;
  physics.model = reinterpret_cast<const void*>(model.attr("_address").cast<std::uintptr_t>());
  physics.data = reinterpret_cast<void*>(data.attr("_address").cast<std::uintptr_t>());
  physics.step = function_at(functions[0]);
  physics.kinematics = function_at(functions[1]);
  physics.com_position = function_at(functions[2]);
  physics.timestep_s = model.attr("opt").attr("timestep").cast<double>();
  physics.position = memory_of(data, "qpos");
  physics.position_size = model.attr("nq").cast<int>();
  physics.velocity = memory_of(data, "qvel");
  physics.control = memory_of(data, "ctrl");
  physics.force_on_body = memory_of(data, "xfrc_applied");
  physics.bodies = model.attr("nbody").cast<int>();
  physics.accelerometer = memory_of(data, "sensordata") + accelerometer;
  physics.centre_of_mass = memory_of(data, "subtree_com") + 3 * pelvis;
  const auto counts = data.attr("warning").attr("number").cast<py::array_t<std::int32_t>>();
  std::transform(divergences.begin(), divergences.end(), physics.divergences.begin(),
                 [&](int kind) { return counts.data(kind); });
  physics.position_of = position_of;
  physics.velocity_of = velocity_of;
  physics.control_of = control_of;
  return physics;
}

/// One row a tick: time, then the truth.
py::array_t<double> rows_of(const std::vector<TruthAt>& truths) {
  const auto width = static_cast<py::ssize_t>(TruthRow::RowsAtCompileTime) + 1;
  py::array_t<double> rows({static_cast<py::ssize_t>(truths.size()), width});
  double* row = rows.mutable_data();
  for (const TruthAt& at : truths) {
    row[0] = at.time_s;
    Eigen::Map<TruthRow>(row + 1) = at.truth;
    row += width;
  }
  return rows;
}

void bind_options(py::module_& m) {
  py::class_<SensorNoise>(m, "SensorNoise", "None by default.")
      .def(py::init<>())
      .def_readwrite("tilt_bias_rad", &SensorNoise::tilt_bias_rad)
      .def_readwrite("attitude_rad", &SensorNoise::attitude_rad)
      .def_readwrite("yaw_drift_rad_s", &SensorNoise::yaw_drift_rad_s)
      .def_readwrite("accel_bias_m_s2", &SensorNoise::accel_bias_m_s2)
      .def_readwrite("accel_m_s2", &SensorNoise::accel_m_s2)
      .def_readwrite("gyro_bias_rad_s", &SensorNoise::gyro_bias_rad_s)
      .def_readwrite("gyro_rad_s", &SensorNoise::gyro_rad_s)
      .def_readwrite("joint_position_rad", &SensorNoise::joint_position_rad)
      .def_readwrite("joint_velocity_rad_s", &SensorNoise::joint_velocity_rad_s)
      .def_readwrite("joint_torque_nm", &SensorNoise::joint_torque_nm);
  py::class_<SimulatedPush>(m, "SimulatedPush")
      .def(py::init([](double start_s, double duration_s, int body, const Eigen::Vector3d& force) {
             return SimulatedPush{start_s, duration_s, body, force};
           }),
           py::arg("start_s"), py::arg("duration_s"), py::arg("body"), py::arg("force_in_world"));
  py::class_<SensorDropout>(m, "SensorDropout")
      .def(py::init([](double start_s, double duration_s) {
             return SensorDropout{start_s, duration_s};
           }),
           py::arg("start_s"), py::arg("duration_s"));
  py::class_<BodyOptions>(m, "BodyOptions")
      .def(py::init<>())
      .def_readwrite("substeps", &BodyOptions::substeps)
      .def_readwrite("latency_ns", &BodyOptions::latency_ns)
      .def_readwrite("effort", &BodyOptions::effort)
      .def_readwrite("resting_torque", &BodyOptions::resting_torque)
      .def_readwrite("resting_force", &BodyOptions::resting_force)
      .def_readwrite("fallen_height_m", &BodyOptions::fallen_height_m)
      .def_readwrite("fallen_tilt_rad", &BodyOptions::fallen_tilt_rad)
      .def_readwrite("noise", &BodyOptions::noise)
      .def_readwrite("pushes", &BodyOptions::pushes)
      .def_readwrite("dropouts", &BodyOptions::dropouts);
}

}  // namespace

void bind_sim(py::module_& m) {
  m.doc() = "The body of a simulated robot, and the tick in lock-step with it.";
  m.attr("DRAWS_PER_SAMPLE") = NoisySensors::kDraws;
  bind_options(m);
  py::class_<Physics>(m, "Physics", "MuJoCo's functions, a model and where its state lies.")
      .def(py::init(&physics_of), py::arg("functions"), py::arg("model"), py::arg("data"),
           py::arg("pelvis"), py::arg("accelerometer"), py::arg("divergences"),
           py::arg("position_of"), py::arg("velocity_of"), py::arg("control_of"),
           py::keep_alive<1, 3>(), py::keep_alive<1, 4>(),
           "`functions`: addresses of mj_step, mj_kinematics and mj_comPos; the rest: indices.");
  const auto release = py::call_guard<py::gil_scoped_release>();
  py::class_<SimulatedBody>(m, "SimulatedBody")
      .def(py::init<const Physics&, const BodyOptions&>(), py::arg("physics"), py::arg("options"),
           py::keep_alive<1, 2>())
      .def(
          "feed_noise",
          [](SimulatedBody& body, const Draws& draws) {
            body.feed_noise(draws.data(), static_cast<std::size_t>(draws.size()));
          },
          py::arg("draws"), "[N, DRAWS_PER_SAMPLE] standard normal, for as many samples.")
      .def_property_readonly("samples_left", &SimulatedBody::samples_left,
                             "Samples for which there is noise.")
      .def("read", &SimulatedBody::read, py::arg("stamp_ns"))
      .def("write", &SimulatedBody::write, py::arg("command"))
      .def(
          "step", [](SimulatedBody& body) { body.step(); }, release)
      .def("truth", &SimulatedBody::truth)
      .def_property_readonly("released", &SimulatedBody::released)
      .def_property_readonly("time_s", &SimulatedBody::time_s)
      .def_property_readonly("diverged_s", &SimulatedBody::diverged_s)
      .def_property_readonly("is_fallen", &SimulatedBody::is_fallen);
  m.def(
      "run_lockstep",
      [](SimulatedBody& body, ControlTick& tick, RecordRing& ring, std::int64_t now_ns,
         std::int64_t period_ns, int ticks) {
        std::vector<TruthAt> truths;
        {
          const py::gil_scoped_release released;
          truths = run_lockstep(body, tick, ring, now_ns, period_ns, ticks);
        }
        return rows_of(truths);
      },
      py::arg("body"), py::arg("tick"), py::arg("ring"), py::arg("now_ns"), py::arg("period_ns"),
      py::arg("ticks"),
      "Runs control periods, fewer where the robot falls; one row each: time, truth().");
}

}  // namespace exoactor
