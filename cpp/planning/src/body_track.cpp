#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <exoactor/planning/body_track.hpp>
#include <exoactor/planning/smoothing.hpp>

namespace exoactor {
namespace {

constexpr double kSoleDepth_m = 0.035;
constexpr double kToe_m = 0.12;
constexpr double kHeel_m = -0.05;
constexpr double kSoleHalfWidth_m = 0.03;
constexpr int kArmJoints = 14;  // last in SDK order

void unwrap(Eigen::VectorXd& angle) {
  for (Eigen::Index t = 1; t < angle.size(); ++t) {
    angle[t] = angle[t - 1] + wrap_angle(angle[t] - angle[t - 1]);
  }
}

void set_foot(const LinkMotion& link, int side, int t, BodyTrack& body) {
  const Eigen::Matrix3d& R = link.R_world_link;
  const Eigen::Vector3d& p = link.position_in_world;
  const Eigen::Vector3d toe = p + R * Eigen::Vector3d(kToe_m, 0, -kSoleDepth_m);
  const Eigen::Vector3d heel = p + R * Eigen::Vector3d(kHeel_m, 0, -kSoleDepth_m);
  body.ankle_in_world[side].row(t) = p;
  body.toe_in_world[side].row(t) = toe;
  body.heel_in_world[side].row(t) = heel;
  body.foot_yaw[side][t] = std::atan2(R(1, 0), R(0, 0));
  body.sole_height[side][t] = std::min(toe.z(), heel.z()) - kSoleHalfWidth_m * std::abs(R(2, 1));
}

}  // namespace

BodyTrack track_body(const Reference& reference, const JointVector& standing_position,
                     const RobotModel& model) {
  const auto frames = static_cast<int>(reference.root_position_in_world.rows());
  BodyTrack body;
  body.rate_hz = reference.rate_hz;
  for (int side : {kLeft, kRight}) {
    body.ankle_in_world[side].resize(frames, 3);
    body.toe_in_world[side].resize(frames, 3);
    body.heel_in_world[side].resize(frames, 3);
    body.foot_yaw[side].resize(frames);
    body.sole_height[side].resize(frames);
  }
  body.R_world_pelvis.resize(frames);
  body.R_world_torso.resize(frames);
  body.com_height.resize(frames);
  body.com_height_arms_down.resize(frames);

  const auto data = model.make_data();
  RobotState state;
  for (int t = 0; t < frames; ++t) {
    state.base_position_in_world = reference.root_position_in_world.row(t);
    state.quat_world_base_wxyz = reference.quat_world_root_wxyz.row(t).normalized();
    state.joint_position = reference.joint_position.row(t);
    model.update(state, *data);
    set_foot(data->links[kLeftFootLink], kLeft, t, body);
    set_foot(data->links[kRightFootLink], kRight, t, body);
    body.R_world_pelvis[t] = data->links[kPelvisLink].R_world_link;
    body.R_world_torso[t] = data->links[kTorsoLink].R_world_link;
    body.com_height[t] = data->com_in_world.z();
    state.joint_position.tail<kArmJoints>() = standing_position.tail<kArmJoints>();
    model.update(state, *data);
    body.com_height_arms_down[t] = data->com_in_world.z();
  }
  for (int side : {kLeft, kRight}) unwrap(body.foot_yaw[side]);
  const double turn = body.foot_yaw[kRight][0] - body.foot_yaw[kLeft][0];
  body.foot_yaw[kRight].array() += wrap_angle(turn) - turn;
  return body;
}

double com_height_standing(const JointVector& joint_position, const RobotModel& model) {
  const auto data = model.make_data();
  RobotState state;
  state.joint_position = joint_position;
  model.update(state, *data);
  const double ankle = 0.5 * (data->links[kLeftFootLink].position_in_world.z() +
                              data->links[kRightFootLink].position_in_world.z());
  return data->com_in_world.z() - ankle + kSoleDepth_m;
}

}  // namespace exoactor
