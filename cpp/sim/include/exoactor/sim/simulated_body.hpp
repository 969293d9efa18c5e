#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <deque>
#include <exoactor/sim/noisy_sensors.hpp>
#include <exoactor/sim/physics.hpp>
#include <exoactor/types/state.hpp>
#include <optional>
#include <vector>

namespace exoactor {

/// A constant force on one body, at its centre of mass, for a while.
struct SimulatedPush {
  double start_s = 0.0;  ///< after the robot's release
  double duration_s = 0.0;
  int body = 0;
  Eigen::Vector3d force_in_world = Eigen::Vector3d::Zero();  ///< N
};

/// A while in which the sensors repeat their last sample.
struct SensorDropout {
  double start_s = 0.0;  ///< after the robot's release
  double duration_s = 0.0;
};

/// What is known of the simulated robot before it moves.
struct BodyOptions {
  int substeps = 2;                                  ///< physics steps a control period
  std::int64_t latency_ns = 0;                       ///< from a command's writing to its effect
  JointVector effort = JointVector::Zero();          ///< Nm, limit of every motor
  JointVector resting_torque = JointVector::Zero();  ///< Nm, told before the release
  Eigen::Vector3d resting_force = Eigen::Vector3d::Zero();  ///< m/s^2, the accelerometer's then
  double fallen_height_m = 0.0;                             ///< lower counts as fallen
  double fallen_tilt_rad = 0.0;                             ///< more counts as fallen
  SensorNoise noise;
  std::vector<SimulatedPush> pushes;
  std::vector<SensorDropout> dropouts;
};

/// What really is, at the end of a control period: pelvis position [3] m, its attitude [4] wxyz,
/// joint positions [29] rad, speeds [29] rad/s, torques [29] Nm as the mean over the period after
/// the motors' limits, and the centre of mass [3] m.
using TruthRow = Eigen::Matrix<double, 10 + 3 * kNumJoints, 1>;

/// The body of a simulated robot: takes motor commands, gives encoders and a pelvis IMU.
///
/// Time stands still for the body, not for its clock, until the first command takes effect. Every
/// motor gives tau + kp (q* - q) + kd (dq* - dq), recomputed each physics step and cut at its
/// limit.
class SimulatedBody {
 public:
  SimulatedBody(const Physics& physics, const BodyOptions& options);

  /// Brings the sensors' noise, see NoisySensors::feed().
  void feed_noise(const double* draws, std::size_t count) { sensors_.feed(draws, count); }
  std::size_t samples_left() const noexcept { return sensors_.samples_left(); }

  /// What the sensors say now, with this stamp; in a dropout their last sample again.
  SensorState read(std::int64_t stamp_ns);

  /// Sends a command to the motors, where it acts after the latency.
  void write(const JointCommand& command);

  /// Lets one control period pass; time stands still once the physics has diverged. Returns the
  /// truth at the period's begin, whose centre of mass the physics works out on its way.
  TruthRow step();

  TruthRow truth();

  /// Whether a command has taken effect, so that the body moves.
  bool released() const noexcept { return command_.has_value(); }
  /// Physical time since the release.
  double time_s() const noexcept { return time_s_; }
  /// When the physics met a number that is not finite or absurdly large.
  const std::optional<double>& diverged_s() const noexcept { return diverged_s_; }
  /// Whether the robot lies, or the physics has diverged.
  bool is_fallen() const noexcept;

 private:
  struct Pending {
    std::int64_t due_ns;
    JointCommand command;
  };

  TruthRow truth_without_com() const;
  bool is_in_dropout() const noexcept;
  bool has_bad_number() const noexcept;
  JointVector joints(const double* values, const std::array<int, kNumJoints>& index) const;
  JointVector motor_torque() const;
  void push();

  Physics physics_;
  BodyOptions options_;
  NoisySensors sensors_;
  std::deque<Pending> pending_;
  std::optional<JointCommand> command_;
  std::optional<SensorState> sample_;
  std::optional<double> diverged_s_;
  std::int64_t step_ns_;
  std::int64_t clock_ns_ = 0;
  double time_s_ = 0.0;
  JointVector torque_;
  Eigen::Vector3d specific_force_;
};

}  // namespace exoactor
