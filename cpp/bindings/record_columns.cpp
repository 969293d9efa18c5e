#include "record_columns.hpp"

#include <functional>
#include <stdexcept>
#include <string>

namespace py = pybind11;

namespace exoactor {
namespace {

using Records = std::vector<TickRecord>;
using Row = const TickRecord&;

/// The columns of what is measured, in one place for writing and reading: f(name, field).
template <typename F>
void for_each_sensor_field(F f) {
  f("sensed_position", &SensorState::joint_position);
  f("sensed_velocity", &SensorState::joint_velocity);
  f("sensed_torque", &SensorState::joint_torque);
  f("quat_world_imu_wxyz", &SensorState::quat_world_imu_wxyz);
  f("gyro_in_imu", &SensorState::gyro_in_imu);
  f("accel_in_imu", &SensorState::accel_in_imu);
}

/// The columns of a command: f(name without its prefix, field).
template <typename F>
void for_each_command_field(F f) {
  f("position", &JointCommand::position);
  f("velocity", &JointCommand::velocity);
  f("torque", &JointCommand::torque);
  f("stiffness", &JointCommand::stiffness);
  f("damping", &JointCommand::damping);
}

/// The columns of what else the guard is told, in one place for writing and reading: whole numbers
/// as f(name, get, set), one a joint as g(name, field).
template <typename F, typename G>
void for_each_context_field(F f, G g) {
  using Context = GuardContext;
  using Read = const GuardContext&;
  f(
      "task", [](Read c) { return std::int64_t{c.task}; },
      [](Context& c, std::int64_t v) { c.task = v != 0; });
  f(
      "progress_ns", [](Read c) { return c.progress_ns; },
      [](Context& c, std::int64_t v) { c.progress_ns = v; });
  f(
      "target_ns", [](Read c) { return c.target_ns; },
      [](Context& c, std::int64_t v) { c.target_ns = v; });
  f(
      "heartbeat_ns", [](Read c) { return c.heartbeat_ns; },
      [](Context& c, std::int64_t v) { c.heartbeat_ns = v; });
  f(
      "health_stamp_ns", [](Read c) { return c.health.stamp_ns; },
      [](Context& c, std::int64_t v) { c.health.stamp_ns = v; });
  f(
      "mode_machine", [](Read c) { return std::int64_t{c.health.mode_machine}; },
      [](Context& c, std::int64_t v) { c.health.mode_machine = static_cast<std::uint8_t>(v); });
  f(
      "battery_percent", [](Read c) { return std::int64_t{c.health.charge_percent}; },
      [](Context& c, std::int64_t v) { c.health.charge_percent = static_cast<int>(v); });
  f(
      "command_publishers", [](Read c) { return std::int64_t{1} + c.health.other_publishers; },
      [](Context& c, std::int64_t v) { c.health.other_publishers = static_cast<int>(v - 1); });
  f(
      "state_crc_errors", [](Read c) { return c.health.bad_crc; },
      [](Context& c, std::int64_t v) { c.health.bad_crc = v; });
  f(
      "remote_buttons", [](Read c) { return std::int64_t{c.health.remote.buttons}; },
      [](Context& c, std::int64_t v) { c.health.remote.buttons = static_cast<std::uint16_t>(v); });
  g("winding_c", &RobotHealth::winding_temperature_c);
  g("casing_c", &RobotHealth::surface_temperature_c);
  g("motor_fault", &RobotHealth::motor_fault);
}

/// A column of scalars, [N].
template <typename Scalar, typename Items, typename Getter>
py::array_t<Scalar> scalars(const Items& items, Getter get) {
  py::array_t<Scalar> array(static_cast<py::ssize_t>(items.size()));
  auto view = array.template mutable_unchecked<1>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    view(static_cast<py::ssize_t>(i)) = static_cast<Scalar>(get(items[i]));
  }
  return array;
}

/// A column of vectors, [N, size].
template <typename Scalar = double, typename Items, typename Getter>
py::array_t<Scalar> vectors(const Items& items, Getter get) {
  const typename Items::value_type blank{};
  const auto size = static_cast<std::size_t>(get(blank).size());
  py::array_t<Scalar> array({items.size(), size});
  auto view = array.template mutable_unchecked<2>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto value = get(items[i]);
    for (std::size_t k = 0; k < size; ++k) view(i, k) = static_cast<Scalar>(value[k]);
  }
  return array;
}

Eigen::Matrix<double, 6, 1> side_by_side(const std::array<Eigen::Vector3d, 2>& sides) {
  Eigen::Matrix<double, 6, 1> both;
  both << sides[kLeft], sides[kRight];
  return both;
}

void add_motion_columns(py::dict& columns, const Records& rows) {
  for_each_sensor_field([&](const char* name, auto field) {
    columns[name] = vectors(rows, [field](Row r) { return r.sensors.*field; });
  });
  columns["base_position_in_world"] =
      vectors(rows, [](Row r) { return r.state.base_position_in_world; });
  columns["quat_world_base_wxyz"] =
      vectors(rows, [](Row r) { return r.state.quat_world_base_wxyz; });
  columns["base_angular_velocity_in_base"] =
      vectors(rows, [](Row r) { return r.state.base_angular_velocity_in_base; });
  columns["base_linear_velocity_in_world"] =
      vectors(rows, [](Row r) { return r.state.base_linear_velocity_in_world; });
  columns["foot_force_in_world"] =
      vectors(rows, [](Row r) { return side_by_side(r.state.foot_force_in_world); });
  for_each_command_field([&](const char* name, auto field) {
    columns[py::str(std::string("wanted_") + name)] =
        vectors(rows, [field](Row r) { return r.wanted.*field; });
    columns[py::str(std::string("sent_") + name)] =
        vectors(rows, [field](Row r) { return r.sent.*field; });
  });
}

void add_control_columns(py::dict& columns, const Records& rows) {
  const auto integer = [&rows](auto get) { return scalars<std::int64_t>(rows, get); };
  const auto real = [&rows](auto get) { return scalars<double>(rows, get); };
  columns["activity"] = integer([](Row r) { return static_cast<int>(r.telemetry.activity); });
  columns["driver"] = integer([](Row r) { return static_cast<int>(r.telemetry.driver); });
  columns["late_ticks"] = integer([](Row r) { return r.telemetry.late_ticks; });
  columns["target_age_s"] = real([](Row r) { return r.telemetry.target_age_s; });
  columns["control_status"] = integer([](Row r) { return static_cast<int>(r.telemetry.status); });
  columns["controller_failed"] = integer([](Row r) { return r.controller_failed; });
  columns["done"] = integer([](Row r) { return r.telemetry.done; });
  columns["phase_index"] = integer([](Row r) { return r.telemetry.phase_index; });
  columns["steps_done"] = integer([](Row r) { return r.telemetry.steps_done; });
  columns["qp_failures"] = integer([](Row r) { return r.telemetry.qp_failures; });
  columns["qp_relaxed"] = integer([](Row r) { return r.telemetry.qp_relaxed; });
  columns["qp_iterations"] = integer([](Row r) { return r.telemetry.qp_iterations; });
  columns["smallest_gap_m"] = real([](Row r) { return r.telemetry.smallest_gap_m; });
  columns["reference_time_s"] = real([](Row r) { return r.telemetry.reference_time_s; });
  columns["blend"] = real([](Row r) { return r.telemetry.blend; });
  columns["heading_rad"] = real([](Row r) { return r.telemetry.heading_rad; });
  columns["control_us"] = real([](Row r) { return r.telemetry.tick_us; });
  columns["dynamics_us"] = real([](Row r) { return r.telemetry.dynamics_us; });
  columns["qp_us"] = real([](Row r) { return r.telemetry.qp_us; });
  columns["planned_position"] =
      vectors(rows, [](Row r) { return r.telemetry.planned_joint_position; });
  columns["desired_position"] =
      vectors(rows, [](Row r) { return r.telemetry.desired_joint_position; });
  columns["planned_com_in_world"] =
      vectors(rows, [](Row r) { return r.telemetry.planned_com_in_world; });
  columns["com_in_world"] = vectors(rows, [](Row r) { return r.telemetry.com_in_world; });
  columns["planned_dcm_in_world"] =
      vectors(rows, [](Row r) { return r.telemetry.planned_dcm_in_world; });
  columns["dcm_in_world"] = vectors(rows, [](Row r) { return r.telemetry.dcm_in_world; });
  columns["zmp_in_world"] = vectors(rows, [](Row r) { return r.telemetry.zmp_in_world; });
  columns["foot_position_in_world"] =
      vectors(rows, [](Row r) { return side_by_side(r.telemetry.foot_position_in_world); });
  columns["foot_target_in_world"] =
      vectors(rows, [](Row r) { return side_by_side(r.telemetry.foot_target_in_world); });
  columns["contact"] = vectors(rows, [](Row r) {
    return Eigen::Vector2d(r.telemetry.contact[kLeft], r.telemetry.contact[kRight]);
  });
}

void add_context_columns(py::dict& columns, const Records& rows) {
  for_each_context_field(
      [&](const char* name, auto get, auto) {
        columns[name] = scalars<std::int64_t>(rows, [get](Row r) { return get(r.context); });
      },
      [&](const char* name, auto field) {
        columns[name] =
            vectors<std::int64_t>(rows, [field](Row r) { return r.context.health.*field; });
      });
}

/// The columns of what the guard decided; `status` is a function of an item.
template <typename Items, typename Getter>
void add_status_columns(py::dict& columns, const Items& items, Getter status) {
  const auto integer = [&](auto get) {
    return scalars<std::int64_t>(items, [&](const auto& item) { return get(status(item)); });
  };
  const auto real = [&](auto get) {
    return scalars<double>(items, [&](const auto& item) { return get(status(item)); });
  };
  using Status = const GuardStatus&;
  columns["guard_state"] = integer([](Status s) { return static_cast<int>(s.state); });
  columns["trip_cause"] = integer([](Status s) { return static_cast<int>(s.trip.cause); });
  columns["trip_joint"] = integer([](Status s) { return s.trip.joint; });
  columns["trip_got"] = real([](Status s) { return s.trip.got; });
  columns["trip_allowed"] = real([](Status s) { return s.trip.allowed; });
  columns["concern_cause"] = integer([](Status s) { return static_cast<int>(s.concern.cause); });
  columns["emergency"] = integer([](Status s) { return s.emergency; });
  columns["clamped"] = vectors(items, [&](const auto& item) {
    const GuardStatus& s = status(item);
    return Eigen::Vector3d(s.clamped_position, s.clamped_velocity, s.clamped_torque);
  });
}

void add_guard_columns(py::dict& columns, const Records& rows) {
  const auto integer = [&rows](auto get) { return scalars<std::int64_t>(rows, get); };
  columns["now_ns"] = integer([](Row r) { return r.now_ns; });
  columns["tick_index"] = integer([](Row r) { return r.tick_index; });
  columns["late_ns"] = integer([](Row r) { return r.late_ns; });
  columns["took_ns"] = integer([](Row r) { return r.took_ns; });
  columns["sensed_stamp_ns"] = integer([](Row r) { return r.sensors.stamp_ns; });
  columns["wanted_stamp_ns"] = integer([](Row r) { return r.wanted.stamp_ns; });
  columns["sent_stamp_ns"] = integer([](Row r) { return r.sent.stamp_ns; });
  columns["arm_refusal"] = integer([](Row r) { return static_cast<int>(r.arm.refusal); });
  add_status_columns(columns, rows, [](Row r) -> const GuardStatus& { return r.guard; });
}

template <typename Array>
Array column_of(const py::dict& columns, const std::string& name, py::ssize_t end,
                py::ssize_t width) {
  if (!columns.contains(name.c_str())) {
    throw std::invalid_argument("recorded ticks: no column " + name);
  }
  const py::object column = columns[name.c_str()];
  if (!py::isinstance<Array>(column)) {
    throw std::invalid_argument("recorded ticks: column " + name + " is of another type");
  }
  Array array = column.cast<Array>();
  const bool fits = width == 0 ? array.ndim() == 1 : array.ndim() == 2 && array.shape(1) == width;
  if (!fits || array.shape(0) < end) {
    throw std::invalid_argument("recorded ticks: column " + name + " has another shape");
  }
  return array;
}

template <typename Vector>
void read_row(const py::array_t<double>& array, py::ssize_t row, Vector& value) {
  const auto view = array.unchecked<2>();
  for (Eigen::Index k = 0; k < value.size(); ++k) value[k] = view(row, k);
}

template <typename Owner, typename Field>
py::ssize_t width_of(Field Owner::* field) {
  return (Owner{}.*field).size();
}

void require_rows(py::ssize_t begin, py::ssize_t end) {
  if (begin < 0 || begin > end) throw std::invalid_argument("recorded ticks: no such rows");
}

}  // namespace

std::vector<TickRecord> pop_all(RecordRing& ring) {
  std::vector<TickRecord> records;
  TickRecord record;
  while (ring.pop(record)) records.push_back(record);
  return records;
}

py::dict tick_columns(const Records& records) {
  py::dict columns;
  add_guard_columns(columns, records);
  add_context_columns(columns, records);
  add_motion_columns(columns, records);
  add_control_columns(columns, records);
  return columns;
}

py::dict input_columns(const Records& records) {
  std::vector<TickRecord> rows;
  for (Row record : records) {
    if (record.inputs.fresh) rows.push_back(record);
  }
  const auto integer = [&rows](auto get) { return scalars<std::int64_t>(rows, get); };
  const auto real = [&rows](auto get) { return scalars<double>(rows, get); };
  py::dict columns;
  columns["now_ns"] = integer([](Row r) { return r.now_ns; });
  columns["tick_index"] = integer([](Row r) { return r.tick_index; });
  columns["call"] = vectors<std::int64_t>(rows, [](Row r) { return r.inputs.calls; });
  columns["call_ns"] = vectors<std::int64_t>(rows, [](Row r) { return r.inputs.call_ns; });
  columns["lost_calls"] = integer([](Row r) { return r.inputs.lost_calls; });
  columns["stops"] = integer([](Row r) { return r.inputs.stops; });
  columns["stops_forgotten"] = integer([](Row r) { return r.inputs.stops_forgotten; });
  columns["plans"] = integer([](Row r) { return r.inputs.plans; });
  columns["trackings"] = integer([](Row r) { return r.inputs.trackings; });
  columns["stops_before_tracking"] = integer([](Row r) { return r.inputs.stops_before_tracking; });
  columns["tracking_speed"] = vectors(rows, [](Row r) { return r.inputs.tracking_speed; });
  columns["targets"] = integer([](Row r) { return r.inputs.targets; });
  columns["target_stamp_ns"] = integer([](Row r) { return r.inputs.target.stamp_ns; });
  columns["target_position"] = vectors(rows, [](Row r) { return r.inputs.target.position; });
  columns["target_stiffness"] = vectors(rows, [](Row r) { return r.inputs.target.stiffness; });
  columns["target_damping"] = vectors(rows, [](Row r) { return r.inputs.target.damping; });
  columns["target_reference_position"] =
      vectors(rows, [](Row r) { return r.inputs.target.reference_position; });
  columns["target_reference_velocity"] =
      vectors(rows, [](Row r) { return r.inputs.target.reference_velocity; });
  columns["target_reference_time_s"] = real([](Row r) { return r.inputs.target.reference_time_s; });
  columns["target_reference_rate"] = real([](Row r) { return r.inputs.target.reference_rate; });
  columns["target_blend"] = real([](Row r) { return r.inputs.target.blend; });
  columns["target_ended"] = integer([](Row r) { return r.inputs.target.ended; });
  return columns;
}

py::dict enforced_columns(const std::vector<Enforced>& items) {
  py::dict columns;
  for_each_command_field([&](const char* name, auto field) {
    columns[py::str(std::string("sent_") + name)] =
        vectors(items, [field](const Enforced& item) { return item.sent.*field; });
  });
  columns["sent_stamp_ns"] =
      scalars<std::int64_t>(items, [](const Enforced& item) { return item.sent.stamp_ns; });
  add_status_columns(columns, items,
                     [](const Enforced& item) -> const GuardStatus& { return item.status; });
  return columns;
}

RecordedSensors::RecordedSensors(const py::dict& columns, py::ssize_t begin, py::ssize_t end) {
  require_rows(begin, end);
  now_ns_ = column_of<py::array_t<std::int64_t>>(columns, "now_ns", end, 0);
  stamp_ns_ = column_of<py::array_t<std::int64_t>>(columns, "sensed_stamp_ns", end, 0);
  for_each_sensor_field([&](const char* name, auto field) {
    fields_.push_back(column_of<py::array_t<double>>(columns, name, end, width_of(field)));
  });
}

SensorState RecordedSensors::at(py::ssize_t row) const {
  SensorState sensors;
  sensors.stamp_ns = stamp_ns_.at(row);
  std::size_t place = 0;
  for_each_sensor_field(
      [&](const char*, auto field) { read_row(fields_[place++], row, sensors.*field); });
  return sensors;
}

RecordedContext::RecordedContext(const py::dict& columns, py::ssize_t begin, py::ssize_t end) {
  using Whole = py::array_t<std::int64_t>;
  require_rows(begin, end);
  for_each_context_field([&](const char* name, auto,
                             auto) { fields_.push_back(column_of<Whole>(columns, name, end, 0)); },
                         [&](const char* name, auto) {
                           fields_.push_back(column_of<Whole>(columns, name, end, kNumJoints));
                         });
}

GuardContext RecordedContext::at(py::ssize_t row) const {
  GuardContext context;
  std::size_t place = 0;
  for_each_context_field(
      [&](const char*, auto, auto set) { set(context, fields_[place++].at(row)); },
      [&](const char*, auto field) {
        const auto view = fields_[place++].unchecked<2>();
        auto& values = context.health.*field;
        for (std::size_t j = 0; j < values.size(); ++j) {
          values[j] = static_cast<std::decay_t<decltype(values[j])>>(
              view(row, static_cast<py::ssize_t>(j)));
        }
      });
  return context;
}

RecordedCommands::RecordedCommands(const py::dict& columns, const char* prefix, py::ssize_t begin,
                                   py::ssize_t end) {
  require_rows(begin, end);
  const std::string names(prefix);
  stamp_ns_ = column_of<py::array_t<std::int64_t>>(columns, names + "stamp_ns", end, 0);
  for_each_command_field([&](const char* name, auto field) {
    fields_.push_back(column_of<py::array_t<double>>(columns, names + name, end, width_of(field)));
  });
}

JointCommand RecordedCommands::at(py::ssize_t row) const {
  JointCommand command;
  command.stamp_ns = stamp_ns_.at(row);
  std::size_t place = 0;
  for_each_command_field(
      [&](const char*, auto field) { read_row(fields_[place++], row, command.*field); });
  return command;
}

}  // namespace exoactor
