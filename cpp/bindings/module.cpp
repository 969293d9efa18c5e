#include <pybind11/eigen.h>
#include <pybind11/pybind11.h>

#include <exoactor/types/joint_table.hpp>

namespace py = pybind11;

namespace exoactor {
void bind_types(py::module_& m);
void bind_plan(py::module_& m);
void bind_model(py::module_& m);
void bind_retarget(py::module_& m);
void bind_health(py::module_& m);
void bind_planning(py::module_& m);
void bind_estimation(py::module_& m);
void bind_control(py::module_& m);
void bind_safety(py::module_& m);
void bind_hal(py::module_& m);
void bind_wire(py::module_& m);
void bind_runtime(py::module_& m);
void bind_sim(py::module_& m);
}  // namespace exoactor

PYBIND11_MODULE(_core, m) {
  m.doc() = "The C++ rooms of exoactor_rt.";
  m.attr("NUM_JOINTS") = exoactor::kNumJoints;

  py::module_ types = m.def_submodule("types");
  exoactor::bind_types(types);
  exoactor::bind_plan(types);
  exoactor::bind_health(types);
  py::module_ model = m.def_submodule("model");
  exoactor::bind_model(model);
  py::module_ retarget = m.def_submodule("retarget");
  exoactor::bind_retarget(retarget);
  py::module_ planning = m.def_submodule("planning");
  exoactor::bind_planning(planning);
  py::module_ estimation = m.def_submodule("estimation");
  exoactor::bind_estimation(estimation);
  py::module_ control = m.def_submodule("control");
  exoactor::bind_control(control);
  py::module_ safety = m.def_submodule("safety");
  exoactor::bind_safety(safety);
  py::module_ hal = m.def_submodule("hal");
  exoactor::bind_hal(hal);
  py::module_ wire = m.def_submodule("wire");
  exoactor::bind_wire(wire);
  py::module_ runtime = m.def_submodule("runtime");
  exoactor::bind_runtime(runtime);
  py::module_ sim = m.def_submodule("sim");
  exoactor::bind_sim(sim);
}
