#include "record_columns.hpp"

#include "record_fields.hpp"

#include <string>

namespace py = pybind11;

namespace exoactor {
namespace {

using Records = std::vector<TickRecord>;
using Row = const TickRecord&;

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
  columns["input_ticks"] = integer([](Row r) { return r.inputs.fresh_ticks; });
  columns["late_ns"] = integer([](Row r) { return r.late_ns; });
  columns["took_ns"] = integer([](Row r) { return r.took_ns; });
  columns["sensed_stamp_ns"] = integer([](Row r) { return r.sensors.stamp_ns; });
  columns["wanted_stamp_ns"] = integer([](Row r) { return r.wanted.stamp_ns; });
  columns["sent_stamp_ns"] = integer([](Row r) { return r.sent.stamp_ns; });
  columns["arm_refusal"] = integer([](Row r) { return static_cast<int>(r.arm.refusal); });
  add_status_columns(columns, rows, [](Row r) -> const GuardStatus& { return r.guard; });
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

}  // namespace exoactor
