#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <exoactor/runtime/record_ring.hpp>
#include <vector>

namespace exoactor {

/// All records of the ring, oldest first.
std::vector<TickRecord> pop_all(RecordRing& ring);

/// One array a column, one row a tick.
pybind11::dict tick_columns(const std::vector<TickRecord>& records);

/// The inputs of those ticks that had new ones.
pybind11::dict input_columns(const std::vector<TickRecord>& records);

/// What the guard made of one command.
struct Enforced {
  JointCommand sent;
  GuardStatus status;
};

/// One array a column, named as in `tick_columns`.
pybind11::dict enforced_columns(const std::vector<Enforced>& items);

}  // namespace exoactor
