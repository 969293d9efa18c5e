#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <exoactor/types/state.hpp>
#include <memory>
#include <string>

namespace exoactor {

/// The links whose motion the controllers ask for.
enum Link : int {
  kLeftFootLink = 0,   ///< left_ankle_roll_link
  kRightFootLink = 1,  ///< right_ankle_roll_link
  kPelvisLink = 2,
  kTorsoLink = 3,
  kLeftHandLink = 4,   ///< left_wrist_yaw_link
  kRightHandLink = 5,  ///< right_wrist_yaw_link
  kNumLinks = 6,
};

inline constexpr int kNumVelocities = 6 + kNumJoints;
using VelocityVector = Eigen::Matrix<double, kNumVelocities, 1>;
using MassMatrix = Eigen::Matrix<double, kNumVelocities, kNumVelocities>;
using Jacobian6 = Eigen::Matrix<double, 6, kNumVelocities>;
using Vector6 = Eigen::Matrix<double, 6, 1>;

/// The pelvis, then the link behind each joint in SDK order.
inline constexpr int kNumRigidBodies = 1 + kNumJoints;

/// Motion of one body: linear part first, of the body's origin, expressed along world axes.
struct BodyMotion {
  Eigen::Matrix3d R_world_link = Eigen::Matrix3d::Identity();
  Eigen::Vector3d position_in_world = Eigen::Vector3d::Zero();
  Vector6 velocity = Vector6::Zero();
  Vector6 bias_acceleration = Vector6::Zero();  ///< dJ/dt v
};

struct LinkMotion : BodyMotion {
  Jacobian6 jacobian = Jacobian6::Zero();
};

/// Workspace of the dynamics. Generalised velocity: base linear then angular velocity, both in the
/// base frame, then 29 joint velocities in SDK order.
struct DynamicsData {
  DynamicsData();
  ~DynamicsData();
  DynamicsData(const DynamicsData&) = delete;
  DynamicsData& operator=(const DynamicsData&) = delete;

  MassMatrix mass_matrix = MassMatrix::Zero();         ///< armature included
  VelocityVector bias_force = VelocityVector::Zero();  ///< Coriolis and gravity
  Eigen::Vector3d com_in_world = Eigen::Vector3d::Zero();
  Eigen::Vector3d com_velocity_in_world = Eigen::Vector3d::Zero();
  Vector6 centroidal_momentum = Vector6::Zero();  ///< linear, angular about the CoM
  Jacobian6 centroidal_map = Jacobian6::Zero();   ///< Ag
  std::array<LinkMotion, kNumLinks> links;
  std::array<BodyMotion, kNumRigidBodies> bodies;
  /// Of the point of each body that passes through the world's origin, linear then angular part,
  /// along world axes: a joint's column serves all bodies behind it.
  Jacobian6 world_jacobian = Jacobian6::Zero();

  struct Workspace;
  std::unique_ptr<Workspace> workspace;
};

/// The robot's rigid-body model. Pinocchio lives behind this header, in one translation unit.
class RobotModel {
 public:
  /// Reads the MJCF at `path`; throws std::runtime_error when its joints are not kJointTable's.
  explicit RobotModel(const std::string& path);
  ~RobotModel();

  /// Makes a workspace; allocates, so not inside a tick.
  std::unique_ptr<DynamicsData> make_data() const;

  /// All dynamics quantities of `data` at `state`. RT-safe: allocates nothing.
  void update(const RobotState& state, DynamicsData& data) const;

  double mass_kg() const;

  /// Index into DynamicsData::bodies; throws std::runtime_error when no link has this name.
  int body(const std::string& link) const;

  /// The joints between the base and each body, a bit each.
  const std::array<std::uint32_t, kNumRigidBodies>& chains() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace exoactor
