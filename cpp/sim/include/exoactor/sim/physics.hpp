#pragma once

#include <array>
#include <cstdint>
#include <exoactor/types/joint_table.hpp>

namespace exoactor {

/// MuJoCo as Python has loaded it: functions of its library, a model, and where in its memory the
/// state lies. No header of MuJoCo is needed, so that every release that Python can load will do.
/// Whoever makes this keeps both objects alive. An error in MuJoCo ends the process.
struct Physics {
  using Function = void (*)(const void* model, void* data);

  const void* model = nullptr;
  void* data = nullptr;
  Function step = nullptr;          ///< mj_step
  Function kinematics = nullptr;    ///< mj_kinematics
  Function com_position = nullptr;  ///< mj_comPos

  double timestep_s = 0.0;
  double* position = nullptr;  ///< qpos: the free joint's 7 first
  int position_size = 0;
  double* velocity = nullptr;       ///< qvel: the free joint's 6 first
  double* control = nullptr;        ///< ctrl
  double* force_on_body = nullptr;  ///< xfrc_applied, [bodies, 6]
  int bodies = 0;
  const double* accelerometer = nullptr;             ///< [3] of the pelvis, in sensordata
  const double* centre_of_mass = nullptr;            ///< [3] of the whole robot, in subtree_com
  std::array<const std::int32_t*, 3> divergences{};  ///< counts of numbers that are bad

  /// Where joint j stands in `position`, `velocity` and `control`.
  std::array<int, kNumJoints> position_of{}, velocity_of{}, control_of{};
};

}  // namespace exoactor
