#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>

#include <exoactor/types/joint_table.hpp>

namespace py = pybind11;

namespace exoactor {
void bind_model(py::module_& m);
void bind_retarget(py::module_& m);
}  // namespace exoactor

PYBIND11_MODULE(_core, m) {
  m.doc() = "The C++ rooms of exoactor_rt.";
  m.attr("NUM_JOINTS") = exoactor::kNumJoints;

  py::module_ model = m.def_submodule("model");
  exoactor::bind_model(model);

  py::module_ retarget = m.def_submodule("retarget");
  exoactor::bind_retarget(retarget);
}
