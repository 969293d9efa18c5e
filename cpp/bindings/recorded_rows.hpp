#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <exoactor/safety/guard_context.hpp>
#include <exoactor/types/state.hpp>
#include <vector>

namespace exoactor {

/// The columns of `tick_columns` that tell what was measured and when, read back row by row.
class RecordedSensors {
 public:
  /// Throws std::invalid_argument when a column is missing, has another shape, or has no rows
  /// `begin` .. `end`.
  RecordedSensors(const pybind11::dict& columns, pybind11::ssize_t begin, pybind11::ssize_t end);

  std::int64_t now_ns(pybind11::ssize_t row) const { return now_ns_.at(row); }
  SensorState at(pybind11::ssize_t row) const;

 private:
  pybind11::array_t<std::int64_t> now_ns_, stamp_ns_;
  std::vector<pybind11::array_t<double>> fields_;
};

/// The columns that tell what else the guard was told, read back as RecordedSensors.
class RecordedContext {
 public:
  RecordedContext(const pybind11::dict& columns, pybind11::ssize_t begin, pybind11::ssize_t end);

  GuardContext at(pybind11::ssize_t row) const;

 private:
  std::vector<pybind11::array_t<std::int64_t>> fields_;
};

/// A command column read back, as RecordedSensors.
class RecordedCommands {
 public:
  RecordedCommands(const pybind11::dict& columns, const char* prefix, pybind11::ssize_t begin,
                   pybind11::ssize_t end);

  JointCommand at(pybind11::ssize_t row) const;

 private:
  pybind11::array_t<std::int64_t> stamp_ns_;
  std::vector<pybind11::array_t<double>> fields_;
};

}  // namespace exoactor
