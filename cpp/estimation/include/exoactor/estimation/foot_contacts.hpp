#pragma once

#include <array>
#include <exoactor/estimation/state_estimator.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// Which feet stand still, where no controller commands it: those that are lowest and whose lowest
/// edge is at rest as far as the estimate knows, unless the robot falls freely, which the
/// accelerometer tells. The force on a foot has no say: in a quick step the legs' inertia outweighs
/// it.
class FootContacts {
 public:
  /// Both feet stand.
  void reset();

  /// From the estimator after its update, `dt_s` after the last. RT-safe.
  void update(const StateEstimator& estimator, double dt_s) noexcept;

  const std::array<bool, 2>& contact() const noexcept { return contact_; }

 private:
  std::array<bool, 2> contact_{true, true};
  double airborne_s_ = 0.0;
};

}  // namespace exoactor
