#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <exoactor/estimation/state_estimator.hpp>
#include <utility>

namespace exoactor {
namespace {

constexpr double kGravity = 9.81;
constexpr double kLongestGap = 0.05;
constexpr double kInitialVariance = 1e-4;      // m^2, m^2/s^2
constexpr double kInitialBiasVariance = 1e-2;  // m^2/s^4
/// Of the leg Jacobian's Gram matrix: keeps the force finite near a straight knee.
constexpr double kForceDamping = 1e-5;

/// imu_in_pelvis; its axes are the base's.
const Eigen::Vector3d kImuInBase{0.04525, 0.0, -0.08339};
/// A foot that the controller swings, and that moves faster against the other, does not stand: what
/// looks like a load on it is the leg's own inertia.
constexpr double kStillSole = 0.2;  // m/s
/// Middle of the sole in the ankle-roll frame.
const Eigen::Vector3d kSoleInFoot{0.035, 0.0, -0.035};

const Eigen::Vector3d kHeelInFoot{-0.05, 0.0, -0.035};
const Eigen::Vector3d kToeInFoot{0.12, 0.0, -0.035};

double squared(double value) { return value * value; }

/// From the ankle, along world axes.
Eigen::Vector3d lower_edge(const LinkMotion& foot) {
  const Eigen::Vector3d heel = foot.R_world_link * kHeelInFoot;
  const Eigen::Vector3d toe = foot.R_world_link * kToeInFoot;
  return heel.z() < toe.z() ? heel : toe;
}

}  // namespace

StateEstimator::StateEstimator(std::shared_ptr<const RobotModel> model, const EstimatorNoise& noise)
    : model_(std::move(model)), data_(model_->make_data()), noise_(noise) {}

void StateEstimator::reset() {
  anchored_ = false;
  x_.setZero();
  state_ = RobotState();
}

const RobotState& StateEstimator::update(const SensorState& sensors,
                                         const std::array<bool, 2>& contact, std::int64_t now_ns,
                                         ContactSource source) {
  if (anchored_ && sensors.stamp_ns == sensor_stamp_ns_) return state_;
  sensor_stamp_ns_ = sensors.stamp_ns;
  const double dt_s =
      anchored_ ? std::clamp(1e-9 * static_cast<double>(now_ns - last_ns_), 0.0, kLongestGap) : 0.0;
  last_ns_ = now_ns;
  read_attitude(sensors, dt_s);
  specific_force_m_s2_ = sensors.accel_in_imu.norm();
  kinematic_state_.joint_position = sensors.joint_position;
  kinematic_state_.joint_velocity = sensors.joint_velocity;
  model_->update(kinematic_state_, *data_);
  read_soles(source);
  estimate_forces(sensors);
  choose_standing(contact, source, dt_s);
  if (!anchored_) {
    anchor();
  } else if (dt_s > 0.0) {
    predict(sensors, dt_s);
    correct();
  }
  write_base();
  state_.stamp_ns = now_ns;
  return state_;
}

void StateEstimator::read_attitude(const SensorState& sensors, double dt_s) {
  const Eigen::Vector4d& q = sensors.quat_world_imu_wxyz;
  const Eigen::Quaterniond measured = Eigen::Quaterniond(q[0], q[1], q[2], q[3]).normalized();
  if (!anchored_) {
    const Eigen::Matrix3d R = measured.toRotationMatrix();
    start_yaw_rad_ = std::atan2(R(1, 0), R(0, 0));
    gyro_bias_.reset();
  }
  gyro_bias_.update(measured, sensors.gyro_in_imu, dt_s);
  kinematic_state_.base_angular_velocity_in_base = sensors.gyro_in_imu - gyro_bias_.in_imu();
  const Eigen::Quaterniond unturn(Eigen::AngleAxisd(-start_yaw_rad_, Eigen::Vector3d::UnitZ()));
  const Eigen::Quaterniond relative = unturn * measured;
  R_world_base_ = relative.toRotationMatrix();
  kinematic_state_.quat_world_base_wxyz << relative.w(), relative.vec();
}

void StateEstimator::choose_standing(const std::array<bool, 2>& contact, ContactSource source,
                                     double dt_s) {
  for (int side : {kLeft, kRight}) {
    const double force_n = state_.foot_force_in_world[side].z();
    if (!anchored_) loads_[side].reset(contact[side]);
    loads_[side].update(force_n, contact[side], dt_s);
  }
  if (source == ContactSource::kSensed) {
    standing_ = contact;
    return;
  }
  const double apart_m_s =
      (soles_[kLeft].velocity_from_imu - soles_[kRight].velocity_from_imu).norm();
  for (int side : {kLeft, kRight}) {
    standing_[side] = loads_[side].loaded() && (contact[side] || apart_m_s < kStillSole);
  }
  if (!standing_[kLeft] && !standing_[kRight]) standing_ = contact;
}

void StateEstimator::read_soles(ContactSource source) {
  const Eigen::Vector3d imu = R_world_base_ * kImuInBase;
  const Eigen::Vector3d angular = R_world_base_ * kinematic_state_.base_angular_velocity_in_base;
  for (int side : {kLeft, kRight}) {
    const LinkMotion& foot = data_->links[kLeftFootLink + side];
    const Eigen::Vector3d lever = foot.R_world_link * kSoleInFoot;
    soles_[side].position_from_imu = foot.position_in_world + lever - imu;
    soles_[side].velocity_from_imu =
        foot.velocity.head<3>() + foot.velocity.tail<3>().cross(lever) - angular.cross(imu);
    soles_[side].rolling_velocity.setZero();
    soles_[side].height_m = 0.0;
    if (source == ContactSource::kSensed) roll_over_edge(soles_[side], foot);
  }
}

void StateEstimator::roll_over_edge(Sole& sole, const LinkMotion& foot) const {
  const Eigen::Vector3d from_edge = foot.R_world_link * kSoleInFoot - lower_edge(foot);
  sole.rolling_velocity = foot.velocity.tail<3>().cross(from_edge);
  sole.height_m = from_edge.z();
}

Footing StateEstimator::footing() const noexcept {
  Footing footing;
  footing.unevenness_m = std::abs(soles_[kLeft].position_from_imu.z() -  //
                                  soles_[kRight].position_from_imu.z());
  for (int side : {kLeft, kRight}) {
    const double upright = data_->links[kLeftFootLink + side].R_world_link(2, 2);
    footing.tilt_rad = std::max(footing.tilt_rad, std::acos(std::clamp(upright, -1.0, 1.0)));
  }
  return footing;
}

std::array<SoleMotion, 2> StateEstimator::sole_motion() const noexcept {
  std::array<SoleMotion, 2> motion;
  for (int side : {kLeft, kRight}) {
    const LinkMotion& foot = data_->links[kLeftFootLink + side];
    const Eigen::Vector3d lever = lower_edge(foot);
    const Eigen::Vector3d velocity = state_.base_linear_velocity_in_world +
                                     foot.velocity.head<3>() + foot.velocity.tail<3>().cross(lever);
    motion[side].lowest_m = foot.position_in_world.z() + lever.z();
    motion[side].speed_m_s = velocity.head<2>().norm();
  }
  return motion;
}

void StateEstimator::anchor() {
  x_.setZero();
  x_.segment<3>(kPosition) = R_world_base_ * kImuInBase;
  x_[kPosition + 2] =
      -0.5 * (soles_[kLeft].position_from_imu.z() + soles_[kRight].position_from_imu.z());
  for (int side : {kLeft, kRight}) {
    x_.segment<3>(kFeet + 3 * side) = x_.segment<3>(kPosition) + soles_[side].position_from_imu;
  }
  P_ = kInitialVariance * Covariance::Identity();
  P_.diagonal().segment<3>(kBias).setConstant(kInitialBiasVariance);
  anchored_ = true;
}

void StateEstimator::predict(const SensorState& sensors, double dt_s) {
  const Eigen::Vector3d bias = x_.segment<3>(kBias);
  const Eigen::Vector3d acceleration =
      R_world_base_ * (sensors.accel_in_imu - bias) - Eigen::Vector3d(0, 0, kGravity);
  x_.segment<3>(kPosition) += dt_s * x_.segment<3>(kVelocity) + 0.5 * dt_s * dt_s * acceleration;
  x_.segment<3>(kVelocity) += dt_s * acceleration;

  const Eigen::Matrix3d bias_to_velocity = -dt_s * R_world_base_;
  P_.middleRows<3>(kPosition) += dt_s * P_.middleRows<3>(kVelocity);
  P_.middleRows<3>(kVelocity) += bias_to_velocity * P_.middleRows<3>(kBias);
  P_.middleCols<3>(kPosition) += dt_s * P_.middleCols<3>(kVelocity);
  P_.middleCols<3>(kVelocity) += P_.middleCols<3>(kBias) * bias_to_velocity.transpose();

  P_.diagonal().segment<3>(kPosition).array() += squared(noise_.position_m);
  P_.diagonal().segment<3>(kVelocity).array() += squared(noise_.velocity_m_s_sqrt_s) * dt_s;
  P_.diagonal().segment<3>(kBias).array() += squared(noise_.accel_bias_m_s2_sqrt_s) * dt_s;
  for (int side : {kLeft, kRight}) {
    const double walk =
        standing_[side] ? noise_.standing_foot_m_sqrt_s : noise_.swinging_foot_m_sqrt_s;
    P_.diagonal().segment<3>(kFeet + 3 * side).array() += squared(walk) * dt_s;
    if (standing_[side]) x_.segment<3>(kFeet + 3 * side) += dt_s * soles_[side].rolling_velocity;
  }
}

void StateEstimator::correct() {
  for (int side : {kLeft, kRight}) {
    const Sole& sole = soles_[side];
    const double doubt = standing_[side] ? 1.0 : noise_.airborne_factor;
    const int foot = kFeet + 3 * side;
    for (int axis = 0; axis < 3; ++axis) {
      fuse(foot + axis, kPosition + axis, sole.position_from_imu[axis],
           squared(noise_.foot_position_m));
      fuse(kVelocity + axis, -1, sole.rolling_velocity[axis] - sole.velocity_from_imu[axis],
           squared(noise_.foot_velocity_m_s * doubt));
    }
    fuse(foot + 2, -1, sole.height_m, squared(noise_.foot_height_m * doubt));
  }
}

void StateEstimator::fuse(int plus, int minus, double measured, double variance) {
  StateVector Ph = P_.col(plus);
  double predicted = x_[plus];
  if (minus >= 0) {
    Ph -= P_.col(minus);
    predicted -= x_[minus];
  }
  const double innovation_variance = Ph[plus] - (minus >= 0 ? Ph[minus] : 0.0) + variance;
  x_ += Ph * ((measured - predicted) / innovation_variance);
  P_ -= Ph * (Ph.transpose() / innovation_variance);
}

void StateEstimator::write_base() {
  const Eigen::Vector3d imu = R_world_base_ * kImuInBase;
  const Eigen::Vector3d& gyro = kinematic_state_.base_angular_velocity_in_base;
  state_.base_position_in_world = x_.segment<3>(kPosition) - imu;
  state_.base_linear_velocity_in_world =
      x_.segment<3>(kVelocity) - R_world_base_ * gyro.cross(kImuInBase);
  state_.quat_world_base_wxyz = kinematic_state_.quat_world_base_wxyz;
  state_.base_angular_velocity_in_base = gyro;
  state_.joint_position = kinematic_state_.joint_position;
  state_.joint_velocity = kinematic_state_.joint_velocity;
}

void StateEstimator::estimate_forces(const SensorState& sensors) {
  for (int side : {kLeft, kRight}) {
    const int first = 6 * side;
    const Eigen::Matrix<double, 6, 6> J =
        data_->links[kLeftFootLink + side].jacobian.middleCols<6>(6 + first);
    const Vector6 missing =
        data_->bias_force.segment<6>(6 + first) - sensors.joint_torque.segment<6>(first);
    Eigen::Matrix<double, 6, 6> gram = J * J.transpose();
    gram.diagonal().array() += kForceDamping;
    const Vector6 wrench = gram.ldlt().solve(J * missing);
    state_.foot_force_in_world[side] = wrench.head<3>();
  }
}

}  // namespace exoactor
