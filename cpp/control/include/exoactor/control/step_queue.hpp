#pragma once

#include <array>
#include <exoactor/types/plan.hpp>

namespace exoactor {

/// The steps of one burst: those of the plan, then recovery steps that the robot needs to come to
/// rest.
class StepQueue {
 public:
  static constexpr int kMostRecoverySteps = 12;

  /// Plans `count` steps at `steps`, which must outlive their use.
  void plan(const Footstep* steps, int count) {
    planned_ = steps;
    planned_count_ = count;
    recovery_count_ = 0;
  }

  /// Appends one recovery step; false when there have been too many.
  bool append(const Footstep& step) {
    if (recovery_count_ == kMostRecoverySteps) return false;
    recovery_[recovery_count_++] = step;
    return true;
  }

  int planned_count() const { return planned_count_; }
  int count() const { return planned_count_ + recovery_count_; }
  const Footstep& operator[](int index) const {
    return index < planned_count_ ? planned_[index] : recovery_[index - planned_count_];
  }

 private:
  const Footstep* planned_ = nullptr;
  int planned_count_ = 0;
  std::array<Footstep, kMostRecoverySteps> recovery_;
  int recovery_count_ = 0;
};

}  // namespace exoactor
