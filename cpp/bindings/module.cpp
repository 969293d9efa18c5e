#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>

#include <exoactor/types/joint_table.hpp>

namespace py = pybind11;

namespace exoactor {
void bind_retarget(py::module_& m);
}

PYBIND11_MODULE(_core, m) {
  m.doc() = "The C++ rooms of exoactor_rt.";
  m.attr("NUM_JOINTS") = exoactor::kNumJoints;
  exoactor::bind_retarget(m);
}
