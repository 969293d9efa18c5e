#pragma once

#include <array>
#include <exoactor/types/plan.hpp>

namespace exoactor {

/// The steps of one burst: those of the plan, which may be cut short, then recovery steps that the
/// robot needs to come to rest.
class StepQueue {
 public:
  static constexpr int kMostRecoverySteps = 12;

  /// Plans `count` steps at `steps`, which must outlive their use.
  void plan(const Footstep* steps, int count) {
    planned_ = steps;
    planned_count_ = count;
    recovery_count_ = 0;
    is_cut_short_ = false;
  }

  /// Keeps `count` of the planned steps at most; the last of them closes the feet.
  void cut_short(int count) {
    if (count >= planned_count_) return;
    planned_count_ = count;
    is_cut_short_ = true;
    closing_ = planned_[count - 1];
    closing_.forward_m = 0.0;
    closing_.yaw_rad = 0.0;
    if (closing_.keyframe_count == 0) return;
    closing_.keyframe_count = 0;
    closing_.swing_s = Footstep().swing_s;
  }

  /// Appends one recovery step; false when there have been too many.
  bool append(const Footstep& step) {
    if (recovery_count_ == kMostRecoverySteps) return false;
    recovery_[recovery_count_++] = step;
    return true;
  }

  bool is_cut_short() const { return is_cut_short_; }
  int planned_count() const { return planned_count_; }
  int count() const { return planned_count_ + recovery_count_; }
  const Footstep& operator[](int index) const {
    if (is_cut_short_ && index == planned_count_ - 1) return closing_;
    return index < planned_count_ ? planned_[index] : recovery_[index - planned_count_];
  }

 private:
  const Footstep* planned_ = nullptr;
  int planned_count_ = 0;
  bool is_cut_short_ = false;
  Footstep closing_;  ///< the last planned step once cut short
  std::array<Footstep, kMostRecoverySteps> recovery_;
  int recovery_count_ = 0;
};

}  // namespace exoactor
