#pragma once

#include <exoactor/model/segments.hpp>
#include <exoactor/retarget/kinematics.hpp>
#include <exoactor/retarget/normal_equations.hpp>
#include <utility>
#include <vector>

namespace exoactor {

/// A capsule fixed to a body.
struct Capsule {
  int body = 0;
  Eigen::Vector3d start_in_body = Eigen::Vector3d::Zero();
  Eigen::Vector3d end_in_body = Eigen::Vector3d::Zero();
  double radius_m = 0;
  double margin_m = 0;  ///< clearance asked of it; a pair keeps the smaller of its two
};

/// How far apart capsules shall be, m.
struct PairMargins {
  double arms_m = 0;    ///< pairs with an arm
  double others_m = 0;  ///< pairs of legs
};

/// Pairs of capsules that must not overlap.
class SelfCollision {
 public:
  static constexpr int kMaxCapsules = 40;

  /// Throws std::invalid_argument when there are too many capsules or a pair names none.
  SelfCollision(std::vector<Capsule> capsules, std::vector<std::pair<int, int>> pairs);

  /// Adds a push of `weight` for every pair nearer than its margin, at most that of `margins`;
  /// returns how many. RT-safe.
  int add_tasks(const KinematicTree& tree, const BodyPoses& bodies, const PairMargins& margins,
                double weight, NormalEquations& equations) const;

  /// Smallest gap of all pairs, m; negative where capsules overlap. RT-safe.
  double smallest_gap_m(const BodyPoses& bodies) const;

 private:
  struct Placed {
    Eigen::Vector3d start, end;
  };
  void place(const BodyPoses& bodies, std::array<Placed, kMaxCapsules>& placed) const;

  std::vector<Capsule> capsules_;
  std::vector<std::pair<int, int>> pairs_;
};

}  // namespace exoactor
