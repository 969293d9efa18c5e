#include <algorithm>
#include <cmath>
#include <exoactor/sim/simulated_body.hpp>

namespace exoactor {
namespace {

/// Whether `time_s` lies in the interval, whose end does not belong to it.
template <typename Interval>
bool holds(const Interval& interval, double time_s) {
  return interval.start_s <= time_s && time_s < interval.start_s + interval.duration_s;
}

}  // namespace

SimulatedBody::SimulatedBody(const Physics& physics, const BodyOptions& options)
    : physics_(physics),
      options_(options),
      sensors_(options.noise),
      step_ns_(std::llround(physics.timestep_s * 1e9)),
      torque_(options.resting_torque),
      specific_force_(options.resting_force) {}

SensorState SimulatedBody::read(std::int64_t stamp_ns) {
  if (sample_ && is_in_dropout()) return *sample_;
  SensorState ideal;
  ideal.stamp_ns = stamp_ns;
  ideal.joint_position = joints(physics_.position, physics_.position_of);
  ideal.joint_velocity = joints(physics_.velocity, physics_.velocity_of);
  ideal.joint_torque = torque_;
  ideal.quat_world_imu_wxyz = Eigen::Map<const Eigen::Vector4d>(physics_.position + 3);
  ideal.gyro_in_imu = Eigen::Map<const Eigen::Vector3d>(physics_.velocity + 3);
  ideal.accel_in_imu = specific_force_;
  sample_ = sensors_.measure(ideal, time_s_);
  return *sample_;
}

void SimulatedBody::write(const JointCommand& command) {
  pending_.push_back({clock_ns_ + options_.latency_ns, command});
}

TruthRow SimulatedBody::step() {
  if (diverged_s_) return truth();
  TruthRow begin = truth_without_com();
  bool moved = false;
  JointVector torque_sum = JointVector::Zero();
  Eigen::Vector3d force_sum = Eigen::Vector3d::Zero();
  const double begin_s = time_s_;
  for (int substep = 0; substep < options_.substeps; ++substep) {
    while (!pending_.empty() && pending_.front().due_ns <= clock_ns_) {
      command_ = pending_.front().command;
      pending_.pop_front();
    }
    clock_ns_ += step_ns_;
    if (!command_) continue;
    const JointVector torque = motor_torque();
    torque_sum += torque;
    for (int joint = 0; joint < kNumJoints; ++joint) {
      physics_.control[physics_.control_of[joint]] = torque[joint];
    }
    push();
    physics_.step(physics_.model, physics_.data);
    if (!moved) begin.tail<3>() = Eigen::Map<const Eigen::Vector3d>(physics_.centre_of_mass);
    moved = true;
    time_s_ += physics_.timestep_s;
    force_sum += Eigen::Map<const Eigen::Vector3d>(physics_.accelerometer);
  }
  if (has_bad_number()) diverged_s_ = begin_s;
  if (command_) {
    torque_ = torque_sum / options_.substeps;
    specific_force_ = force_sum / options_.substeps;
  }
  return moved ? begin : truth();
}

TruthRow SimulatedBody::truth() {
  physics_.kinematics(physics_.model, physics_.data);
  physics_.com_position(physics_.model, physics_.data);
  TruthRow row = truth_without_com();
  row.tail<3>() = Eigen::Map<const Eigen::Vector3d>(physics_.centre_of_mass);
  return row;
}

TruthRow SimulatedBody::truth_without_com() const {
  TruthRow row;
  row << Eigen::Map<const Eigen::Matrix<double, 7, 1>>(physics_.position),
      joints(physics_.position, physics_.position_of),
      joints(physics_.velocity, physics_.velocity_of), torque_, Eigen::Vector3d::Zero();
  return row;
}

bool SimulatedBody::is_fallen() const noexcept {
  const double height_m = physics_.position[2];
  const double w = physics_.position[3], x = physics_.position[4];
  const double y = physics_.position[5], z = physics_.position[6];
  const double up = w * w - x * x - y * y + z * z;
  const double tilt_rad = std::acos(std::max(-1.0, std::min(1.0, up)));
  return diverged_s_ || height_m < options_.fallen_height_m || tilt_rad > options_.fallen_tilt_rad;
}

bool SimulatedBody::is_in_dropout() const noexcept {
  return released() && std::any_of(options_.dropouts.begin(), options_.dropouts.end(),
                                   [&](const auto& gap) { return holds(gap, time_s_); });
}

bool SimulatedBody::has_bad_number() const noexcept {
  for (const std::int32_t* count : physics_.divergences) {
    if (*count != 0) return true;
  }
  return !std::all_of(physics_.position, physics_.position + physics_.position_size,
                      [](double value) { return std::isfinite(value); });
}

JointVector SimulatedBody::joints(const double* values,
                                  const std::array<int, kNumJoints>& index) const {
  JointVector out;
  for (int joint = 0; joint < kNumJoints; ++joint) out[joint] = values[index[joint]];
  return out;
}

JointVector SimulatedBody::motor_torque() const {
  const JointVector position = joints(physics_.position, physics_.position_of);
  const JointVector velocity = joints(physics_.velocity, physics_.velocity_of);
  const JointVector asked =
      (command_->torque + command_->stiffness.cwiseProduct(command_->position - position)) +
      command_->damping.cwiseProduct(command_->velocity - velocity);
  JointVector torque;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const double most = options_.effort[joint];
    const double value = asked[joint];
    torque[joint] = value < -most ? -most : (value > most ? most : value);
  }
  return torque;
}

void SimulatedBody::push() {
  if (options_.pushes.empty()) return;
  std::fill_n(physics_.force_on_body, 6 * physics_.bodies, 0.0);
  for (const SimulatedPush& push : options_.pushes) {
    if (!holds(push, time_s_)) continue;
    Eigen::Map<Eigen::Vector3d>(physics_.force_on_body + 6 * push.body) += push.force_in_world;
  }
}

}  // namespace exoactor
