#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstring>
#include <exoactor/wire/command_gate.hpp>
#include <exoactor/wire/crc32.hpp>
#include <exoactor/wire/lossy_channel.hpp>
#include <exoactor/wire/low_codec.hpp>
#include <exoactor/wire/state_intake.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace py = pybind11;

namespace exoactor {
namespace {

/// A message's memory as bytes, and back; throws std::invalid_argument for another size.
template <typename Message>
py::bytes to_bytes(const Message& message) {
  return py::bytes(reinterpret_cast<const char*>(&message), sizeof message);
}
template <typename Message>
Message from_bytes(const py::bytes& bytes) {
  const std::string text = bytes;
  Message message;
  if (text.size() != sizeof message) {
    throw std::invalid_argument("message: " + std::to_string(text.size()) + " bytes, must be " +
                                std::to_string(sizeof message));
  }
  std::memcpy(&message, text.data(), sizeof message);
  return message;
}

py::bytes encode_command_bytes(const JointCommand& command, std::uint8_t mode_machine) {
  LowCmd message;
  encode_command(command, mode_machine, message);
  return to_bytes(message);
}

JointCommand decode_command_bytes(const py::bytes& bytes, std::int64_t stamp_ns) {
  JointCommand command;
  decode_command(from_bytes<LowCmd>(bytes), stamp_ns, command);
  return command;
}

py::bytes encode_state_bytes(const SensorState& sensors, const RobotHealth& health) {
  LowState message;
  encode_state(sensors, health, message);
  return to_bytes(message);
}

using Measurement = std::pair<SensorState, RobotHealth>;

std::optional<Measurement> decode_state_bytes(const py::bytes& bytes, std::int64_t stamp_ns) {
  Measurement measured;
  if (!decode_state(from_bytes<LowState>(bytes), stamp_ns, measured.first, measured.second)) {
    return std::nullopt;
  }
  return measured;
}

void bind_codec(py::module_& m) {
  m.attr("LOW_CMD_SIZE") = sizeof(LowCmd);
  m.attr("LOW_STATE_SIZE") = sizeof(LowState);
  m.def(
      "crc32",
      [](const std::vector<std::uint32_t>& words) { return crc32(words.data(), words.size()); },
      py::arg("words"), "CRC of 32-bit words, the high byte of each first.");
  m.def("encode_command", &encode_command_bytes, py::arg("command"), py::arg("mode_machine"),
        "The LowCmd for a command, [1004] bytes.");
  m.def("decode_command", &decode_command_bytes, py::arg("message"), py::arg("stamp_ns"),
        "The command in a LowCmd, unchecked.");
  m.def("encode_state", &encode_state_bytes, py::arg("sensors"), py::arg("health"),
        "The LowState for a measurement, [2092] bytes.");
  m.def("decode_state", &decode_state_bytes, py::arg("message"), py::arg("stamp_ns"),
        "The measurement in a LowState, or None when its CRC is wrong.");
}

void bind_intake(py::module_& m) {
  py::enum_<RobotProblem>(m, "RobotProblem", "Why a robot does not count as usable.")
      .value("NONE", RobotProblem::kNone)
      .value("NO_STATE", RobotProblem::kNoState)
      .value("MODE_MACHINE", RobotProblem::kModeMachine)
      .value("REMOTE_ABORT", RobotProblem::kRemoteAbort)
      .value("MOTOR_FAULT", RobotProblem::kMotorFault)
      .value("WINDING_HOT", RobotProblem::kWindingHot)
      .value("SURFACE_HOT", RobotProblem::kSurfaceHot)
      .value("LOW_BATTERY", RobotProblem::kLowBattery)
      .value("SECOND_PUBLISHER", RobotProblem::kSecondPublisher);
  py::class_<RobotFinding>(m, "RobotFinding", "What is wrong, on which joint, by how much.")
      .def_readonly("problem", &RobotFinding::problem)
      .def_readonly("joint", &RobotFinding::joint)
      .def_readonly("got", &RobotFinding::got)
      .def_readonly("allowed", &RobotFinding::allowed)
      .def("__str__", [](const RobotFinding& finding) { return describe(finding); });
  py::class_<IntakeLimits>(m, "IntakeLimits", "What the robot must be and how warm it may become.")
      .def(py::init<>())
      .def_readwrite("mode_machine", &IntakeLimits::mode_machine)
      .def_readwrite("winding_temperature_c", &IntakeLimits::winding_temperature_c)
      .def_readwrite("surface_temperature_c", &IntakeLimits::surface_temperature_c)
      .def_readwrite("battery_percent", &IntakeLimits::battery_percent)
      .def_readwrite("debounce_messages", &IntakeLimits::debounce_messages)
      .def_readwrite("restart_ns", &IntakeLimits::restart_ns);
  py::class_<IntakeCounts>(m, "IntakeCounts", "Messages since start.")
      .def_readonly("received", &IntakeCounts::received)
      .def_readonly("accepted", &IntakeCounts::accepted)
      .def_readonly("bad_crc", &IntakeCounts::bad_crc)
      .def_readonly("not_newer", &IntakeCounts::not_newer)
      .def_readonly("withheld", &IntakeCounts::withheld);
  py::class_<StateIntake>(m, "StateIntake",
                          "Drops what is damaged or old, withholds what is unfit.")
      .def(py::init<const IntakeLimits&>(), py::arg_v("limits", IntakeLimits(), "IntakeLimits()"))
      .def(
          "accept",
          [](StateIntake& intake, const py::bytes& message,
             std::int64_t now_ns) -> std::optional<SensorState> {
            SensorState sensors;
            RobotHealth health;
            if (!intake.accept(from_bytes<LowState>(message), now_ns, sensors, health)) {
              return std::nullopt;
            }
            return sensors;
          },
          py::arg("message"), py::arg("now_ns"), "The measurement to act on, or None.")
      .def_property_readonly("finding", [](const StateIntake& intake) { return intake.finding(); })
      .def_property_readonly("is_identified", &StateIntake::is_identified)
      .def_property_readonly("counts", [](const StateIntake& intake) { return intake.counts(); });
  m.def("is_supported_revision", &is_supported_revision, py::arg("mode_machine"));
}

void bind_gate(py::module_& m) {
  py::enum_<CommandFault>(m, "CommandFault", "Why a simulated robot does not obey a command.")
      .value("NONE", CommandFault::kNone)
      .value("CRC", CommandFault::kCrc)
      .value("MODE", CommandFault::kMode)
      .value("MODE_MACHINE", CommandFault::kModeMachine)
      .value("NOT_FINITE", CommandFault::kNotFinite)
      .value("OUT_OF_LIMITS", CommandFault::kOutOfLimits);
  py::class_<CommandGate>(m, "CommandGate", "How a simulated robot's motors take commands.")
      .def(py::init<std::uint8_t, std::int64_t, double>(), py::arg("mode_machine"),
           py::arg("timeout_ns"), py::arg("damping"))
      .def(
          "take",
          [](CommandGate& gate, const py::bytes& message, std::int64_t now_ns) {
            return gate.take(from_bytes<LowCmd>(message), now_ns);
          },
          py::arg("message"), py::arg("now_ns"), "Whether it is obeyed.")
      .def(
          "act",
          [](CommandGate& gate, std::int64_t now_ns) -> std::optional<JointCommand> {
            JointCommand command;
            if (!gate.act(now_ns, command)) return std::nullopt;
            return command;
          },
          py::arg("now_ns"), "What the motors do, or None before the first good command.")
      .def_property_readonly("timed_out", &CommandGate::timed_out)
      .def_property_readonly("is_damped", &CommandGate::is_damped)
      .def_property_readonly("longest_gap_ns", &CommandGate::longest_gap_ns)
      .def_property_readonly("counts", &CommandGate::counts, "By CommandFault.");
}

void bind_channel(py::module_& m) {
  py::class_<ChannelFaults>(m, "ChannelFaults", "Shares 0..1 of the messages.")
      .def(py::init<>())
      .def_readwrite("drop", &ChannelFaults::drop)
      .def_readwrite("duplicate", &ChannelFaults::duplicate)
      .def_readwrite("reorder", &ChannelFaults::reorder)
      .def_readwrite("corrupt", &ChannelFaults::corrupt)
      .def_readwrite("delay_ns", &ChannelFaults::delay_ns);
  using Channel = LossyChannel<LowState>;
  py::class_<Channel>(m, "LossyStateChannel", "Messages get lost, late, doubled, swapped, damaged.")
      .def(py::init<std::uint64_t>(), py::arg("seed"))
      .def("set_faults", &Channel::set_faults, py::arg("faults"))
      .def(
          "send",
          [](Channel& channel, const py::bytes& message, std::int64_t now_ns) {
            channel.send(from_bytes<LowState>(message), now_ns);
          },
          py::arg("message"), py::arg("now_ns"))
      .def(
          "receive",
          [](Channel& channel, std::int64_t now_ns) -> std::optional<py::bytes> {
            LowState message;
            if (!channel.receive(message, now_ns)) return std::nullopt;
            return to_bytes(message);
          },
          py::arg("now_ns"), "The next message that is due, or None.");
}

}  // namespace

void bind_wire(py::module_& m) {
  m.doc() = "The robot's messages, without a network.";
  bind_codec(m);
  bind_intake(m);
  bind_gate(m);
  bind_channel(m);
}

}  // namespace exoactor
