#include <Eigen/Cholesky>
#include <array>
#include <exoactor/control/wrench_cone.hpp>

namespace exoactor {
namespace {

constexpr double kHalfLength = 0.085;  // m
constexpr double kHeelHalfWidth = 0.025;
constexpr double kToeHalfWidth = 0.03;

/// Force and moment about the sole's centre of a force at (x, y) on the sole.
Eigen::Matrix<double, 6, 3> corner_map(double x, double y) {
  Eigen::Matrix<double, 6, 3> map;
  map.topRows<3>().setIdentity();
  map.bottomRows<3>() << 0, 0, y, 0, 0, -x, -y, x, 0;
  return map;
}

}  // namespace

WrenchCone::WrenchCone(double friction, double normal_weight, double tangential_weight) {
  int row = 0;
  for (double sign : {1.0, -1.0}) {
    rows.row(row++) << sign, 0, friction, 0, 0, 0;
    rows.row(row++) << 0, sign, friction, 0, 0, 0;
    rows.row(row++) << 0, 0, kHalfLength, 0, sign, 0;
    // Centre of pressure: x = -moment_y / force_z, y = moment_x / force_z.
    const double middle = 0.5 * (kHeelHalfWidth + kToeHalfWidth);
    const double slope = 0.5 * (kToeHalfWidth - kHeelHalfWidth) / kHalfLength;
    rows.row(row++) << 0, 0, middle, sign, -slope, 0;
  }
  for (double turn : {1.0, -1.0}) {
    for (double first : {1.0, -1.0}) {
      for (double second : {1.0, -1.0}) {
        rows.row(row++) << first * kHeelHalfWidth, second * kHalfLength,
            friction * (kHalfLength + kHeelHalfWidth), turn * first * friction,
            turn * second * friction, -turn;
      }
    }
  }
  Matrix6 mobility = Matrix6::Zero();
  const Eigen::Vector3d ease(1 / tangential_weight, 1 / tangential_weight, 1 / normal_weight);
  for (double side : {1.0, -1.0}) {
    for (const auto& map : {corner_map(-kHalfLength, side * kHeelHalfWidth),
                            corner_map(kHalfLength, side * kToeHalfWidth)}) {
      mobility += map * ease.asDiagonal() * map.transpose();
    }
  }
  effort_root = mobility.llt().matrixL().solve(Matrix6::Identity());
}

}  // namespace exoactor
