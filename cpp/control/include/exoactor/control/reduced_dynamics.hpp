#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

inline constexpr int kLegJoints = 6;  ///< of one leg
inline constexpr int kUpperJoints = kNumJoints - 2 * kLegJoints;
/// Base acceleration, `shared` ones, accelerations of waist and arms.
inline constexpr int kReducedVariables = 6 + kLegJoints + kUpperJoints;
inline constexpr int kSharedVariable = 6;
inline constexpr int kUpperVariable = 12;
using ReducedVector = Eigen::Matrix<double, kReducedVariables, 1>;
using Matrix6 = Eigen::Matrix<double, 6, 6>;

/// A quantity that is affine in the reduced variables.
template <int Rows>
struct AffineMap {
  using Matrix = Eigen::Matrix<double, Rows, kReducedVariables>;
  using Vector = Eigen::Matrix<double, Rows, 1>;
  Matrix matrix = Matrix::Zero();
  Vector offset = Vector::Zero();

  Vector at(const ReducedVector& x) const { return matrix * x + offset; }
};

/// A standing leg follows the base: its joint accelerations are `map * base + offset`.
struct StanceLeg {
  Matrix6 map = Matrix6::Zero();
  Vector6 offset = Vector6::Zero();
  /// Acceleration that its foot keeps, `slip_map * base + slip_offset`: nothing unless the leg is
  /// nearly straight.
  Matrix6 slip_map = Matrix6::Zero();
  Vector6 slip_offset = Vector6::Zero();
};

/// The robot's dynamics on standing soles in as few variables as there are degrees of freedom.
///
/// Eliminated are the accelerations of standing legs (the soles do not move), the contact wrenches
/// (the rate of momentum) and the torques. The six shared variables are the joint accelerations of
/// the swinging leg in single support; in double support they are half the difference of the feet's
/// forces, then of their moments about the ankles, along world axes.
class ReducedDynamics {
 public:
  /// At least one foot must be in contact. RT-safe.
  void update(const DynamicsData& dynamics, const std::array<bool, 2>& contact,
              double stance_damping);

  bool contact(int side) const { return contact_[side]; }
  const StanceLeg& leg(int side) const { return legs_[side]; }
  /// Sum of the contact forces, N, and their moment about the pelvis' origin, Nm; world axes.
  const AffineMap<6>& total_wrench() const { return total_; }
  /// Force and moment about the sole's centre, in the sole frame.
  const AffineMap<6>& sole_wrench(int side) const { return soles_[side]; }
  const AffineMap<6>& foot_wrench(int side) const { return feet_[side]; }  ///< ankle, world axes
  const AffineMap<kNumJoints>& torque() const { return torque_; }

  /// What `jacobian` times all accelerations is in the reduced variables.
  template <typename Jacobian>
  AffineMap<Jacobian::RowsAtCompileTime> reduce(const Jacobian& jacobian) const;

  /// All accelerations.
  VelocityVector acceleration(const ReducedVector& x) const;

 private:
  void bind_leg(const LinkMotion& foot, int side, double stance_damping);
  void share_wrench(const DynamicsData& dynamics);
  void move_to_sole(const LinkMotion& foot, int side);
  void write_torque(const DynamicsData& dynamics);

  std::array<bool, 2> contact_{true, true};
  std::array<StanceLeg, 2> legs_;
  AffineMap<6> total_;
  std::array<AffineMap<6>, 2> feet_;
  std::array<AffineMap<6>, 2> soles_;
  AffineMap<kNumJoints> torque_;
};

template <typename Jacobian>
AffineMap<Jacobian::RowsAtCompileTime> ReducedDynamics::reduce(const Jacobian& jacobian) const {
  AffineMap<Jacobian::RowsAtCompileTime> out;
  out.matrix.template leftCols<6>() = jacobian.template leftCols<6>();
  out.matrix.template rightCols<kUpperJoints>() = jacobian.template rightCols<kUpperJoints>();
  for (int side : {kLeft, kRight}) {
    const auto columns = jacobian.template middleCols<kLegJoints>(6 + kLegJoints * side);
    if (contact_[side]) {
      out.matrix.template leftCols<6>() += columns.lazyProduct(legs_[side].map);
      out.offset += columns.lazyProduct(legs_[side].offset);
    } else {
      out.matrix.template middleCols<kLegJoints>(kSharedVariable) = columns;
    }
  }
  return out;
}

}  // namespace exoactor
