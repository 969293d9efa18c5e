#include <cmath>
#include <exoactor/control/dcm.hpp>

namespace exoactor {

Eigen::Vector2d divergent_component(const Eigen::Vector3d& com_in_world,
                                    const Eigen::Vector3d& com_velocity_in_world) {
  return com_in_world.head<2>() + com_velocity_in_world.head<2>() / kPendulumFrequency;
}

Eigen::Vector2d feedback_zmp(const Eigen::Vector2d& planned_zmp, const Eigen::Vector2d& dcm_error) {
  return planned_zmp + (1.0 + kDcmGain / kPendulumFrequency) * dcm_error;
}

Eigen::Vector2d acceleration_from_zmp(const Eigen::Vector3d& com_in_world,
                                      const Eigen::Vector2d& zmp_in_world) {
  return kPendulumFrequency * kPendulumFrequency * (com_in_world.head<2>() - zmp_in_world);
}

void ZmpPath::append(double duration_s, const Eigen::Vector2d& start, const Eigen::Vector2d& end) {
  constexpr double kShortest = 1e-9;
  rest_ = end;
  if (duration_s > kShortest && count_ < kMaxPieces) pieces_[count_++] = {duration_s, start, end};
}

Eigen::Vector2d ZmpPath::dcm() const {
  Eigen::Vector2d dcm = rest_;
  for (int index = count_ - 1; index >= 0; --index) {
    const Piece& piece = pieces_[index];
    const Eigen::Vector2d lead =
        (piece.end - piece.start) / (piece.duration_s * kPendulumFrequency);
    dcm = piece.start + lead +
          (dcm - piece.end - lead) * std::exp(-kPendulumFrequency * piece.duration_s);
  }
  return dcm;
}

}  // namespace exoactor
