#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <exoactor/estimation/foot_load.hpp>
#include <exoactor/estimation/gyro_bias.hpp>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>
#include <memory>

namespace exoactor {

/// Standard deviations the filter assumes, in continuous time where they say so.
struct EstimatorNoise {
  double position_m = 1e-4;                ///< a step, process
  double velocity_m_s_sqrt_s = 0.1;        ///< process, random walk
  double accel_bias_m_s2_sqrt_s = 3.2e-3;  ///< process, random walk
  double standing_foot_m_sqrt_s = 1e-3;    ///< process, random walk of a foot in contact
  double swinging_foot_m_sqrt_s = 3.2;     ///< process, random walk of a foot in the air
  double foot_position_m = 1e-3;           ///< leg kinematics, measurement
  double foot_velocity_m_s = 3.2e-2;       ///< a standing foot is at rest, measurement
  double foot_height_m = 1e-3;             ///< a standing sole is at z = 0, measurement
  double airborne_factor = 1e3;            ///< on the last two while a foot is in the air
};

/// How the soles stand, by leg kinematics and the IMU's attitude.
struct Footing {
  double unevenness_m = 0.0;  ///< difference of the soles' heights
  double tilt_rad = 0.0;      ///< of the sole further from the horizontal
};

/// Where contact flags come from.
enum class ContactSource {
  kCommanded,  ///< the controller wants the foot to stand; what it bears has its say
  kSensed,     ///< from FootContacts: taken as they are, also that no foot stands
};

/// How the lowest edge of a sole moves, by leg kinematics and the estimated base velocity.
struct SoleMotion {
  double lowest_m = 0.0;   ///< height relative to the base
  double speed_m_s = 0.0;  ///< horizontal, of the heel or the toe, whichever is lower
};

/// Floating-base state from the pelvis IMU and leg kinematics: attitude as the IMU gives it, and a
/// 15-state linear Kalman filter (IMU position and velocity, two sole positions, accelerometer
/// bias) after Bloesch et al., "State Estimation for Legged Robots", RSS 2012, with the attitude
/// taken as known.
///
/// The world is anchored at the first update after `reset`: base at x = y = 0 with zero yaw, soles
/// at z = 0. Yaw drifts with the IMU's.
///
/// A foot stands that the controller wants to stand and that bears weight; one that bears weight
/// early stands as well. While neither does, as on a robot that hangs or that is lifted, the
/// controller is believed. The gyroscope's bias is taken off (`GyroBias`).
class StateEstimator {
 public:
  explicit StateEstimator(std::shared_ptr<const RobotModel> model,
                          const EstimatorNoise& noise = {});

  /// Forgets everything; the next update anchors the world anew. RT-safe.
  void reset();

  /// The state at `now_ns`, from one measurement. `contact` says which soles stand still, as the
  /// controller commands it (`WholeBodyController::standing_feet`). A measurement seen before, told
  /// by its stamp, tells nothing new: the state stays as it was, and the next one is predicted over
  /// all the time between. RT-safe: allocates nothing.
  const RobotState& update(const SensorState& sensors, const std::array<bool, 2>& contact,
                           std::int64_t now_ns, ContactSource source = ContactSource::kCommanded);

  const RobotState& state() const { return state_; }

  /// Feet that stand, as of the last measurement.
  const std::array<bool, 2>& standing() const { return standing_; }

  /// As of the last measurement.
  Footing footing() const noexcept;

  /// As of the last update, left and right.
  std::array<SoleMotion, 2> sole_motion() const noexcept;

  /// What the accelerometer measured last; 9.81 at rest, zero in free fall.
  double specific_force_m_s2() const noexcept { return specific_force_m_s2_; }

  /// Accelerometer bias estimate, in the IMU frame, m/s^2.
  Eigen::Vector3d accel_bias_in_imu() const { return x_.segment<3>(kBias); }
  const Eigen::Vector3d& gyro_bias_in_imu() const { return gyro_bias_.in_imu(); }  ///< rad/s

 private:
  static constexpr int kPosition = 0;
  static constexpr int kVelocity = 3;
  static constexpr int kFeet = 6;
  static constexpr int kBias = 12;
  static constexpr int kStates = 15;
  using StateVector = Eigen::Matrix<double, kStates, 1>;
  using Covariance = Eigen::Matrix<double, kStates, kStates>;

  /// What leg kinematics says of one sole, seen from the IMU along world axes.
  struct Sole {
    Eigen::Vector3d position_from_imu = Eigen::Vector3d::Zero();  ///< m
    Eigen::Vector3d velocity_from_imu = Eigen::Vector3d::Zero();  ///< m/s, IMU held still
    /// Of the sole's middle while the foot stands: of one that rolls over heel or toe only that
    /// edge is at rest.
    Eigen::Vector3d rolling_velocity = Eigen::Vector3d::Zero();  ///< m/s
    double height_m = 0.0;                                       ///< of its middle above that edge
  };

  void read_attitude(const SensorState& sensors, double dt_s);
  void read_soles(ContactSource source);
  void roll_over_edge(Sole& sole, const LinkMotion& foot) const;
  void anchor();
  void choose_standing(const std::array<bool, 2>& contact, ContactSource source, double dt_s);
  void predict(const SensorState& sensors, double dt_s);
  void correct();
  /// One scalar measurement of x[plus] - x[minus], or of x[plus] where minus < 0.
  void fuse(int plus, int minus, double measured, double variance);
  void estimate_forces(const SensorState& sensors);
  void write_base();

  std::shared_ptr<const RobotModel> model_;
  std::unique_ptr<DynamicsData> data_;
  EstimatorNoise noise_;
  bool anchored_ = false;
  double start_yaw_rad_ = 0.0;
  double specific_force_m_s2_ = 0.0;
  std::int64_t last_ns_ = 0;
  std::int64_t sensor_stamp_ns_ = 0;
  StateVector x_ = StateVector::Zero();
  Covariance P_ = Covariance::Zero();
  std::array<Sole, 2> soles_;
  std::array<FootLoad, 2> loads_;
  std::array<bool, 2> standing_{true, true};
  GyroBias gyro_bias_;
  Eigen::Matrix3d R_world_base_ = Eigen::Matrix3d::Identity();
  RobotState kinematic_state_;  ///< measured joints and attitude, base at the origin at rest
  RobotState state_;
};

}  // namespace exoactor
