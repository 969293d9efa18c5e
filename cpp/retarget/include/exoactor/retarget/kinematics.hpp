#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/types/joint_table.hpp>
#include <string>
#include <vector>

namespace exoactor {

inline constexpr int kNumBodies = kNumJoints + 1;
/// Root translation and rotation (both along world axes), then the joints in SDK order.
inline constexpr int kNumVariables = 6 + kNumJoints;
inline constexpr int kMaxChain = 12;

/// One body of the tree: how it hangs on its parent when its joint is at zero.
struct BodySpec {
  std::string name;
  int parent = -1;
  Eigen::Vector3d position_in_parent = Eigen::Vector3d::Zero();           ///< m
  Eigen::Matrix3d R_parent_body = Eigen::Matrix3d::Identity();            ///< joint at zero
  Eigen::Vector3d joint_axis_in_body = Eigen::Vector3d::UnitZ();          ///< unit; unused by body 0
};

/// The robot's geometry without masses. Body 0 is the root; body j + 1 is moved by joint j.
class KinematicTree {
 public:
  /// Throws std::invalid_argument when the bodies are not kNumBodies, a parent does not come before
  /// its child, or a chain is longer than kMaxChain.
  explicit KinematicTree(std::vector<BodySpec> bodies);

  /// Index of a body; throws std::invalid_argument when there is none of that name.
  int body(const std::string& name) const;
  const BodySpec& spec(int body) const { return bodies_[body]; }

  /// Number of joints between the root and a body.
  int chain_length(int body) const { return chain_length_[body]; }
  /// The i-th body from the root on the way to `body`, `body` itself last.
  int chain(int body, int i) const { return chain_[body][i]; }

 private:
  std::vector<BodySpec> bodies_;
  std::array<std::array<int, kMaxChain>, kNumBodies> chain_{};
  std::array<int, kNumBodies> chain_length_{};
};

using JointVector = Eigen::Matrix<double, kNumJoints, 1>;

/// Configuration of the robot.
struct RobotPose {
  Eigen::Vector3d root_position_in_world = Eigen::Vector3d::Zero();
  Eigen::Matrix3d R_world_root = Eigen::Matrix3d::Identity();
  JointVector joint_position = JointVector::Zero();  ///< rad, SDK order
};

/// Where all bodies are: the result of forward kinematics.
struct BodyPoses {
  std::array<Eigen::Vector3d, kNumBodies> position_in_world;
  std::array<Eigen::Matrix3d, kNumBodies> R_world_body;
  std::array<Eigen::Vector3d, kNumBodies> joint_axis_in_world;  ///< entry 0 is unused
};

/// Forward kinematics. RT-safe.
void forward_kinematics(const KinematicTree& tree, const RobotPose& pose, BodyPoses& bodies);

/// Columns of a 3-row Jacobian that are not zero.
struct SparseJacobian {
  int size = 0;
  std::array<int, 2 * kMaxChain + 6> column;
  std::array<Eigen::Vector3d, 2 * kMaxChain + 6> value;

  void push(int variable, const Eigen::Vector3d& derivative) {
    column[size] = variable;
    value[size++] = derivative;
  }
};

/// Derivative of a point fixed to `body`, now at `point_in_world`. RT-safe.
void point_jacobian(const KinematicTree& tree, const BodyPoses& bodies, int body,
                    const Eigen::Vector3d& point_in_world, SparseJacobian& jacobian);

/// Derivative of the vector from the origin of `ancestor` to the origin of `body`. RT-safe.
void vector_jacobian(const KinematicTree& tree, const BodyPoses& bodies, int ancestor, int body,
                     SparseJacobian& jacobian);

/// Derivative of a body's attitude: world-frame angular velocity by variable. RT-safe.
void attitude_jacobian(const KinematicTree& tree, const BodyPoses& bodies, int body,
                       SparseJacobian& jacobian);

}  // namespace exoactor
