#include <exoactor/control/foothold_sequence.hpp>

namespace exoactor {

void FootholdSequence::choose(const FeetPose& feet, const StepQueue& queue, int first) {
  first_ = first;
  count_ = 0;
  FeetPose laid = feet;
  for (int index = first; index < queue.count() && count_ < kMost; ++index) {
    const Footstep& step = queue[index];
    const int support = 1 - step.side;
    const Eigen::Vector2d offset(step.forward_m, outward(step.side) * step.lateral_m);
    Foothold& foothold = footholds_[count_++];
    foothold.side = step.side;
    foothold.ankle_in_world =
        laid.ankle_in_world[support].head<2>() + planar_rotation(laid.yaw_rad[support]) * offset;
    foothold.yaw_rad = laid.yaw_rad[support] + step.yaw_rad;
    laid.ankle_in_world[step.side].head<2>() = foothold.ankle_in_world;
    laid.yaw_rad[step.side] = foothold.yaw_rad;
  }
}

void FootholdSequence::append_path(const FeetPose& feet, const StepQueue& queue,
                                   double double_support_s, const Eigen::Vector2d& adjustment,
                                   ZmpPath& path) const {
  std::array<Eigen::Vector2d, 2> centre;
  for (int side : {kLeft, kRight}) {
    centre[side] = foot_centre(side, feet.ankle_in_world[side].head<2>(), feet.yaw_rad[side]);
  }
  if (count_ == 0) return;
  Eigen::Vector2d from = centre[1 - footholds_[0].side];
  for (int index = 0; index < count_; ++index) {
    const Foothold& foothold = footholds_[index];
    centre[foothold.side] =
        foot_centre(foothold.side, foothold.ankle_in_world + adjustment, foothold.yaw_rad);
    const int following = first_ + index + 1;
    if (following == queue.count()) {
      path.append(kSettleShift, from, 0.5 * (centre[kLeft] + centre[kRight]));
      return;
    }
    const Eigen::Vector2d& to = centre[1 - queue[following].side];
    path.append(double_support_s, from, to);
    path.append(queue[following].swing_s, to, to);
    from = to;
  }
}

}  // namespace exoactor
