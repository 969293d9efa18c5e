#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <exoactor/control/reduced_dynamics.hpp>
#include <exoactor/control/wbc_gains.hpp>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/capsule_table.hpp>

namespace exoactor {

/// Rows of the QP that keep the robot's capsules apart: a second-order control barrier on the gap d
/// of the most pressing pairs, d'' >= -2 k d' - k^2 (d - d_safe), so that a gap wider than d_safe
/// shrinks to it at most exponentially (Nguyen and Sreenath, "Exponential control barrier
/// functions", ACC 2016). Capsules and pairs are those that retargeting keeps apart.
class CollisionAvoidance {
 public:
  static constexpr int kRows = 6;

  /// Throws std::runtime_error when the model lacks a capsule's link.
  explicit CollisionAvoidance(const RobotModel& model);

  /// Writes the rows CI x + ci0 >= 0 from `first_row` on; those without a pair always hold.
  /// RT-safe.
  void fill(const DynamicsData& dynamics, const ReducedDynamics& reduced, const WbcGains& gains,
            int first_row, Eigen::MatrixXd& CI, Eigen::VectorXd& ci0);

  /// m, of all pairs at the last `fill`, at most the distance at which pairs are looked at.
  double smallest_gap_m() const { return smallest_gap_m_; }

 private:
  using RowMatrix = Eigen::Matrix<double, kRows, kNumVelocities>;
  using RowVector = Eigen::Matrix<double, kRows, 1>;
  struct Capsule {
    int body;
    Eigen::Vector3d start_in_body;
    Eigen::Vector3d end_in_body;
    double reach_m;  ///< of the capsule from its middle
  };
  struct Placed {
    Eigen::Vector3d start, end, middle;
  };
  struct NearPair {
    /// m/s^2: how hard the gap may close; the pairs with the least are kept.
    double room = 0.0;
    int first = 0;  ///< bodies
    int second = 0;
    Eigen::Vector3d on_first, on_second;
    Eigen::Vector3d apart;  ///< unit, from second to first
  };

  void find_near_pairs(const DynamicsData& dynamics, const WbcGains& gains);
  void insert(const NearPair& pair);
  /// Returns the row's offset.
  double write_row(const DynamicsData& dynamics, const NearPair& pair, const WbcGains& gains,
                   int row, RowMatrix& levers) const;

  std::array<Capsule, kCapsuleTable.size()> capsules_;
  std::array<Placed, kCapsuleTable.size()> placed_;
  std::array<std::uint32_t, kNumRigidBodies> chains_;
  std::array<NearPair, kRows> near_;
  int near_count_ = 0;
  double smallest_gap_m_ = 0.0;
};

}  // namespace exoactor
