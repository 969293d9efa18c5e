#pragma once

#include <Eigen/Core>

namespace exoactor {

/// Follows a target as a critically damped second-order system with bounded speed and
/// acceleration, one value an axis. RT-safe.
template <int N>
class SecondOrderLimiter {
 public:
  using Vector = Eigen::Matrix<double, N, 1>;

  /// @param bandwidth 1/s.
  SecondOrderLimiter(double bandwidth, double max_speed, double max_acceleration)
      : bandwidth_(bandwidth), max_speed_(max_speed), max_acceleration_(max_acceleration) {}

  /// Rests at `position`.
  void reset(const Vector& position) {
    position_ = position;
    velocity_.setZero();
    acceleration_.setZero();
  }

  /// One step of `dt_s` towards `target`.
  void update(const Vector& target, double dt_s) {
    const Vector wanted =
        bandwidth_ * bandwidth_ * (target - position_) - 2.0 * bandwidth_ * velocity_;
    const Vector bounded = wanted.cwiseMax(-max_acceleration_).cwiseMin(max_acceleration_);
    const Vector next = (velocity_ + dt_s * bounded).cwiseMax(-max_speed_).cwiseMin(max_speed_);
    acceleration_ = (next - velocity_) / dt_s;
    velocity_ = next;
    position_ += dt_s * velocity_;
  }

  const Vector& position() const { return position_; }
  const Vector& velocity() const { return velocity_; }
  const Vector& acceleration() const { return acceleration_; }

 private:
  double bandwidth_;
  double max_speed_;
  double max_acceleration_;
  Vector position_ = Vector::Zero();
  Vector velocity_ = Vector::Zero();
  Vector acceleration_ = Vector::Zero();
};

}  // namespace exoactor
