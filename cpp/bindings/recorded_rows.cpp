#include "recorded_rows.hpp"

#include <stdexcept>
#include <string>

#include "record_fields.hpp"

namespace py = pybind11;

namespace exoactor {
namespace {

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
