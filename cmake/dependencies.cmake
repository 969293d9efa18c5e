# Everything from registry wheels: pybind11 from the build environment, Pinocchio, Eigen and
# eiquadprog from the cmeel prefix beside it.
find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)
find_package(Threads REQUIRED)

if(NOT pybind11_DIR)
  execute_process(
    COMMAND ${Python_EXECUTABLE} -m pybind11 --cmakedir
    OUTPUT_VARIABLE pybind11_DIR OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
find_package(pybind11 CONFIG REQUIRED)

execute_process(
  COMMAND ${Python_EXECUTABLE} -c
          "import cmeel, pathlib; print(pathlib.Path(cmeel.__file__).parents[1] / 'cmeel.prefix')"
  OUTPUT_VARIABLE EXOACTOR_CMEEL_PREFIX OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)
list(PREPEND CMAKE_PREFIX_PATH ${EXOACTOR_CMEEL_PREFIX})
find_package(Eigen3 CONFIG REQUIRED)
find_package(pinocchio 4 CONFIG REQUIRED)
find_package(eiquadprog CONFIG REQUIRED)
