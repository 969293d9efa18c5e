#include <dds/version.h>
#include <pybind11/eigen.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <cstring>
#include <exoactor/dds/dds_observer.hpp>
#include <exoactor/dds/dds_robot.hpp>
#include <exoactor/dds/dds_simulated_robot.hpp>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <vector>

namespace py = pybind11;

namespace exoactor {
namespace {

/// What a robot says of itself, on whatever owns a RobotListener.
template <typename Class>
void bind_listening(Class& owner) {
  using Owner = typename Class::type;
  owner
      .def_property_readonly(
          "finding", [](Owner& self) { return self.listener().finding(); },
          "What keeps the robot from being usable now.")
      .def_property_readonly("battery", [](Owner& self) { return self.listener().battery(); })
      .def(
          "health",
          [](Owner& self) -> std::optional<RobotHealth> {
            RobotHealth health;
            if (!self.listener().health(health)) return std::nullopt;
            return health;
          },
          "The last health heard, or None.");
}

/// What a ring holds: {now_ns [N], message [N, size] bytes}.
template <typename Message>
py::dict raw_columns(RawRing<Message>& ring) {
  std::vector<RawMessage<Message>> taken;
  RawMessage<Message> next;
  while (ring.pop(next)) taken.push_back(next);
  py::array_t<std::int64_t> stamps(static_cast<py::ssize_t>(taken.size()));
  py::array_t<std::uint8_t> bytes({taken.size(), sizeof(Message)});
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const auto row = static_cast<py::ssize_t>(i);
    stamps.mutable_at(row) = taken[i].stamp_ns;
    std::memcpy(bytes.mutable_data(row, 0), &taken[i].message, sizeof(Message));
  }
  py::dict columns;
  columns["now_ns"] = stamps;
  columns["message"] = bytes;
  return columns;
}

/// A column of what was taken: [N] or, where `get` gives an array, [N, k].
template <typename Message, typename Get>
py::array column(const std::vector<RawMessage<Message>>& taken, Get get) {
  const auto count = static_cast<py::ssize_t>(taken.size());
  using Value = std::decay_t<decltype(get(taken.front().message))>;
  if constexpr (std::is_arithmetic_v<Value>) {
    py::array_t<double> values(count);
    for (py::ssize_t i = 0; i < count; ++i) {
      values.mutable_at(i) = static_cast<double>(get(taken[static_cast<std::size_t>(i)].message));
    }
    return values;
  } else {
    const auto width = static_cast<py::ssize_t>(std::tuple_size_v<Value>);
    py::array_t<double> values({count, width});
    for (py::ssize_t i = 0; i < count; ++i) {
      const Value row = get(taken[static_cast<std::size_t>(i)].message);
      for (py::ssize_t k = 0; k < width; ++k) {
        values.mutable_at(i, k) = static_cast<double>(row[static_cast<std::size_t>(k)]);
      }
    }
    return values;
  }
}

/// What a ring holds, and its stamps in `columns`.
template <typename Message>
std::vector<RawMessage<Message>> take_all(RawRing<Message>& ring, py::dict& columns) {
  std::vector<RawMessage<Message>> taken;
  RawMessage<Message> next;
  while (ring.pop(next)) taken.push_back(next);
  py::array_t<std::int64_t> stamps(static_cast<py::ssize_t>(taken.size()));
  for (std::size_t i = 0; i < taken.size(); ++i) {
    stamps.mutable_at(static_cast<py::ssize_t>(i)) = taken[i].stamp_ns;
  }
  columns["now_ns"] = stamps;
  return taken;
}

py::dict torso_imu_columns(RawRing<WireImu>& ring) {
  py::dict columns;
  const auto taken = take_all(ring, columns);
  columns["quat_world_imu_wxyz"] = column(taken, [](const WireImu& m) { return m.quat_wxyz; });
  columns["gyro_in_imu"] = column(taken, [](const WireImu& m) { return m.gyro; });
  columns["accel_in_imu"] = column(taken, [](const WireImu& m) { return m.accel; });
  columns["temperature_c"] = column(taken, [](const WireImu& m) { return m.temperature; });
  return columns;
}

/// One number of each motor of a hand.
template <typename Get>
py::array motor_column(const std::vector<RawMessage<HandState>>& taken, Get get) {
  return column(taken, [get](const HandState& hand) {
    std::array<double, kHandMotors> values{};
    for (std::size_t i = 0; i < kHandMotors; ++i) {
      values[i] = static_cast<double>(get(hand.motors[i]));
    }
    return values;
  });
}

py::dict hand_columns(RawRing<HandState>& ring) {
  py::dict columns;
  const auto taken = take_all(ring, columns);
  using Motor = const WireMotorState&;
  columns["motor_count"] = column(taken, [](const HandState& m) { return m.motor_count; });
  columns["position"] = motor_column(taken, [](Motor m) { return m.q; });
  columns["velocity"] = motor_column(taken, [](Motor m) { return m.dq; });
  columns["torque"] = motor_column(taken, [](Motor m) { return m.tau_est; });
  columns["surface_temperature_c"] = motor_column(taken, [](Motor m) { return m.temperature[0]; });
  columns["winding_temperature_c"] = motor_column(taken, [](Motor m) { return m.temperature[1]; });
  columns["fault"] = motor_column(taken, [](Motor m) { return m.fault; });
  return columns;
}

py::dict battery_columns(RawRing<BatteryState>& ring) {
  py::dict columns;
  const auto taken = take_all(ring, columns);
  using Battery = const BatteryState&;
  columns["charge_percent"] = column(taken, [](Battery m) { return m.charge_percent; });
  columns["health_percent"] = column(taken, [](Battery m) { return m.health_percent; });
  columns["current_a"] = column(taken, [](Battery m) { return m.current_a; });
  columns["voltage"] = column(taken, [](Battery m) { return m.voltage; });
  columns["cell_voltage"] = column(taken, [](Battery m) { return m.cell_voltage; });
  columns["temperature_c"] = column(taken, [](Battery m) { return m.temperature_c; });
  columns["cycles"] = column(taken, [](Battery m) { return m.cycles; });
  return columns;
}

void bind_robot(py::module_& m) {
  py::class_<DdsOptions>(m, "DdsOptions", "Where to find the robot.")
      .def(py::init<>())
      .def_readwrite("domain", &DdsOptions::domain)
      .def_readwrite("network_interface", &DdsOptions::network_interface)
      .def_readwrite("peers", &DdsOptions::peers)
      .def_readwrite("receive_priority", &DdsOptions::receive_priority);
  py::class_<DdsLinkCounts>(m, "DdsLinkCounts", "What went over the link, and who is on it.")
      .def_readonly("states", &DdsLinkCounts::states)
      .def_readonly("sent", &DdsLinkCounts::sent)
      .def_readonly("replaced", &DdsLinkCounts::replaced)
      .def_readonly("refused", &DdsLinkCounts::refused)
      .def_readonly("failed", &DdsLinkCounts::failed)
      .def_readonly("state_writers", &DdsLinkCounts::state_writers)
      .def_readonly("command_readers", &DdsLinkCounts::command_readers)
      .def_readonly("other_command_writers", &DdsLinkCounts::other_command_writers);
  py::class_<BatteryReading>(m, "BatteryReading")
      .def_readonly("stamp_ns", &BatteryReading::stamp_ns, "0: nothing heard")
      .def_readonly("charge_percent", &BatteryReading::charge_percent)
      .def_readonly("current_a", &BatteryReading::current_a);
  const auto release = py::call_guard<py::gil_scoped_release>();
  py::class_<DdsRobot, RobotInterface, std::shared_ptr<DdsRobot>> robot(
      m, "DdsRobot", "A G1 on DDS, real or simulated. Opening it sends nothing.");
  robot
      .def(py::init<const DdsOptions&, const IntakeLimits&, int, const std::string&, int>(),
           py::arg("options"), py::arg("limits"), py::arg("fifo_priority") = 80,
           py::arg("driven_record") = "", py::arg("cpu") = -1, release)
      .def_property_readonly("counts", &DdsRobot::counts)
      .def(
          "take_raw",
          [](DdsRobot& self) {
            return py::make_tuple(raw_columns(self.listener().raw_states()),
                                  raw_columns(self.raw_commands()));
          },
          "States that came and commands that went since the last call, as bytes in memory: twice "
          "{now_ns [N], message [N, size] uint8}.")
      .def(
          "take_side",
          [](DdsRobot& self) {
            py::dict told;
            told["torso_imu"] = torso_imu_columns(self.side_listener().torso_imu());
            told["left_hand"] = hand_columns(self.side_listener().hand(kLeft));
            told["right_hand"] = hand_columns(self.side_listener().hand(kRight));
            told["battery"] = battery_columns(self.listener().batteries());
            return told;
          },
          "What the robot told beside its states since the last call: name -> columns {now_ns [N], "
          "...}, empty ones included.")
      .def_property_readonly(
          "raw_dropped",
          [](DdsRobot& self) {
            return self.listener().raw_states().dropped() + self.raw_commands().dropped();
          },
          "Messages that take_raw() never tells, since the beginning: it was called too seldom.")
      .def_property_readonly(
          "first_finding", [](DdsRobot& self) { return self.listener().first_finding(); },
          "The first finding after commands were sent.");
  bind_listening(robot);
  py::class_<DdsObserver> observer(m, "DdsObserver", "Looks at a robot and sends nothing.");
  observer
      .def(py::init<const DdsOptions&, const IntakeLimits&>(), py::arg("options"),
           py::arg("limits"), release)
      .def_property_readonly("peers", &DdsObserver::peers, "The other participants, a line each.")
      .def_property_readonly("states", [](DdsObserver& self) { return self.listener().counts(); })
      .def_property_readonly("state_writers",
                             [](DdsObserver& self) { return self.listener().state_writers(); })
      .def_property_readonly(
          "command_writers",
          [](DdsObserver& self) { return self.listener().other_command_writers(); })
      .def(
          "measured",
          [](DdsObserver& self) -> std::optional<SensorState> {
            SensorState state;
            if (!self.listener().read(state)) return std::nullopt;
            return state;
          },
          "The last measurement of a usable robot, or None.");
  bind_listening(observer);
  m.attr("LIBRARY_VERSION") = DDS_VERSION;
}

void bind_simulated(py::module_& m) {
  py::class_<SimulatedLinkOptions>(m, "SimulatedLinkOptions")
      .def(py::init<>())
      .def_readwrite("mode_machine", &SimulatedLinkOptions::mode_machine)
      .def_readwrite("command_timeout_ns", &SimulatedLinkOptions::command_timeout_ns)
      .def_readwrite("timeout_damping", &SimulatedLinkOptions::timeout_damping)
      .def_readwrite("seed", &SimulatedLinkOptions::seed)
      .def_readwrite("motion_mode", &SimulatedLinkOptions::motion_mode);
  const auto release = py::call_guard<py::gil_scoped_release>();
  py::class_<DdsSimulatedRobot>(m, "DdsSimulatedRobot", "The robot's end of the link.")
      .def(py::init<const DdsOptions&, const SimulatedLinkOptions&>(), py::arg("options"),
           py::arg("link"), release)
      .def(
          "act",
          [](DdsSimulatedRobot& robot, std::int64_t now_ns) -> std::optional<JointCommand> {
            JointCommand command;
            if (!robot.act(now_ns, command)) return std::nullopt;
            return command;
          },
          py::arg("now_ns"), "What the motors do, or None as long as nothing moves them.")
      .def("publish", &DdsSimulatedRobot::publish, py::arg("sensors"), py::arg("health"),
           py::arg("now_ns"))
      .def("publish_battery", &DdsSimulatedRobot::publish_battery, py::arg("charge_percent"))
      .def(
          "publish_torso_imu",
          [](DdsSimulatedRobot& robot, const std::array<float, 4>& quat_wxyz,
             const std::array<float, 3>& gyro, const std::array<float, 3>& accel) {
            WireImu imu;
            imu.quat_wxyz = quat_wxyz;
            imu.gyro = gyro;
            imu.accel = accel;
            robot.publish_torso_imu(imu);
          },
          py::arg("quat_wxyz"), py::arg("gyro"), py::arg("accel"))
      .def(
          "publish_hand",
          [](DdsSimulatedRobot& robot, int side, const std::array<double, kHandMotors>& position) {
            robot.publish_hand(side == kLeft ? kLeft : kRight, position);
          },
          py::arg("side"), py::arg("position"), "A Dex3-1's motors, [7] rad; 0 left, 1 right.")
      .def("set_state_faults", &DdsSimulatedRobot::set_state_faults, py::arg("faults"))
      .def("set_command_faults", &DdsSimulatedRobot::set_command_faults, py::arg("faults"))
      .def("set_second_publisher", &DdsSimulatedRobot::set_second_publisher, py::arg("present"),
           release)
      .def_property_readonly(
          "gate", [](const DdsSimulatedRobot& robot) -> CommandGate { return robot.gate(); },
          "A copy of the motors' end.")
      .def_property_readonly("motion_mode", &DdsSimulatedRobot::motion_mode)
      .def_property_readonly("published", &DdsSimulatedRobot::published)
      .def_property_readonly("ignored", &DdsSimulatedRobot::ignored);
}

}  // namespace
}  // namespace exoactor

PYBIND11_MODULE(_dds, m) {
  m.doc() = "DDS: the robot's network. Built where CycloneDDS 0.10 is found.";
  py::module_::import("exoactor_rt._core");
  exoactor::bind_robot(m);
  exoactor::bind_simulated(m);
}
