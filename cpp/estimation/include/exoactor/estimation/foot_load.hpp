#pragma once

namespace exoactor {

/// Whether a foot bears weight, by the estimated force on it. It takes more force to begin than to
/// go on, more against the controller's word than with it, and either must last a while, so that
/// neither noise nor a swinging leg's inertia counts.
class FootLoad {
 public:
  void reset(bool loaded) noexcept {
    loaded_ = loaded;
    opposed_s_ = 0.0;
  }

  /// `commanded`: whether the controller wants the foot to stand. RT-safe.
  void update(double vertical_force_n, bool commanded, double dt_s) noexcept {
    const double start_n = commanded ? 30.0 : 80.0;
    const double end_n = commanded ? 15.0 : 40.0;
    const bool opposed = loaded_ ? vertical_force_n < end_n : vertical_force_n > start_n;
    opposed_s_ = opposed ? opposed_s_ + dt_s : 0.0;
    if (opposed_s_ < kLasting) return;
    loaded_ = !loaded_;
    opposed_s_ = 0.0;
  }

  bool loaded() const noexcept { return loaded_; }

 private:
  static constexpr double kLasting = 0.015;  // s

  bool loaded_ = true;
  double opposed_s_ = 0.0;  ///< for which the force has spoken for the other state
};

}  // namespace exoactor
