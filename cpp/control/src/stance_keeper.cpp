#include <algorithm>
#include <exoactor/control/dcm.hpp>
#include <exoactor/control/stance_keeper.hpp>
#include <exoactor/control/support_area.hpp>

namespace exoactor {
namespace {

constexpr double kCentring = 0.4;          // s, from where the CoM was to the middle of the feet
constexpr double kHeightBandwidth = 30.0;  // 1/s
constexpr double kMaxHeightSpeed = 0.35;   // m/s
constexpr double kMaxHeightAcceleration = 4.0;  // m/s^2

constexpr double kEdgeMargin = 0.005;  // m

}  // namespace

StanceKeeper::StanceKeeper() : height_(kHeightBandwidth, kMaxHeightSpeed, kMaxHeightAcceleration) {}

void StanceKeeper::start(const DynamicsData& dynamics, const FeetPose& feet, double com_height) {
  feet_ = feet;
  elapsed_s_ = 0.0;
  height_.reset(Eigen::Matrix<double, 1, 1>(com_height));
  start_in_world_ = dynamics.com_in_world.head<2>();
  middle_in_world_ = 0.5 * (feet.ankle_in_world[kLeft] + feet.ankle_in_world[kRight]).head<2>() +
                     planar_rotation(feet.heading_rad()) * Eigen::Vector2d(kZmpForward, 0.0);
}

bool StanceKeeper::falling(const DynamicsData& dynamics) const {
  const Eigen::Vector2d dcm =
      divergent_component(dynamics.com_in_world, dynamics.com_velocity_in_world);
  return !is_in_feet(feet_, dcm, kEdgeMargin);
}

void StanceKeeper::update(const DynamicsData& dynamics, double com_height, double dt_s,
                          WholeBodyReference& reference) {
  elapsed_s_ += dt_s;
  height_.update(Eigen::Matrix<double, 1, 1>(com_height), dt_s);
  const double share = std::min(1.0, elapsed_s_ / kCentring);
  const double centred = share * share * (3.0 - 2.0 * share);
  planned_com_ << start_in_world_ + centred * (middle_in_world_ - start_in_world_),
      feet_.ground_z() + height_.position()[0];
  planned_dcm_ = planned_com_.head<2>();
  const Eigen::Vector2d dcm =
      divergent_component(dynamics.com_in_world, dynamics.com_velocity_in_world);
  zmp_ = nearest_in_feet(feet_, feedback_zmp(planned_dcm_, dcm - planned_dcm_));
  reference.com_acceleration_in_world << acceleration_from_zmp(dynamics.com_in_world, zmp_),
      height_.acceleration()[0] +
          kComHeightStiffness * (planned_com_.z() - dynamics.com_in_world.z()) +
          kComHeightDamping * (height_.velocity()[0] - dynamics.com_velocity_in_world.z());
  reference.contact = {true, true};
  for (int side : {kLeft, kRight}) {
    reference.feet[side] = FootReference();
    reference.feet[side].position_in_world = feet_.ankle_in_world[side];
  }
}

}  // namespace exoactor
