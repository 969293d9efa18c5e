// The only file that includes Pinocchio.
#include <Eigen/Geometry>
#include <cmath>
#include <exoactor/model/robot_model.hpp>
#include <pinocchio/algorithm/center-of-mass.hpp>
#include <pinocchio/algorithm/crba.hpp>
#include <pinocchio/algorithm/frames.hpp>
#include <pinocchio/algorithm/rnea.hpp>
#include <pinocchio/multibody/data.hpp>
#include <pinocchio/multibody/model.hpp>
#include <pinocchio/parsers/mjcf.hpp>
#include <sstream>
#include <stdexcept>

namespace exoactor {
namespace {

constexpr int kBasePositions = 7;    // Pinocchio: position, quaternion xyzw
constexpr int kUniverseAndBase = 2;  // Pinocchio's first two joints
constexpr double kTableTolerance = 1e-12;
constexpr std::array<const char*, kNumLinks> kLinkNames = {
    "left_ankle_roll_link", "right_ankle_roll_link", "pelvis",
    "torso_link",           "left_wrist_yaw_link",   "right_wrist_yaw_link"};

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw std::runtime_error(path + ": " + reason + "; model refused");
}

void check_value(const std::string& path, const JointSpec& joint, const char* what, double got,
                 double allowed) {
  if (std::abs(got - allowed) <= kTableTolerance) return;
  std::ostringstream reason;
  reason << joint.name << " " << what << " " << got << ", joint table has " << allowed;
  refuse(path, reason.str());
}

void check_against_table(const std::string& path, const pinocchio::Model& model) {
  const int joint_count = model.njoints - kUniverseAndBase;
  if (joint_count != kNumJoints || model.nv != kNumVelocities ||
      model.nq != kBasePositions + kNumJoints) {
    refuse(path, std::to_string(joint_count) + " joints behind the base, allowed " +
                     std::to_string(kNumJoints) + " hinges on a free joint");
  }
  for (int i = 0; i < kNumJoints; ++i) {
    const JointSpec& joint = kJointTable[static_cast<std::size_t>(i)];
    const std::string& name = model.names[static_cast<std::size_t>(i + kUniverseAndBase)];
    if (name != joint.name) {
      refuse(path,
             "joint " + std::to_string(i) + " is " + name + ", joint table has " + joint.name);
    }
    check_value(path, joint, "lower limit", model.lowerPositionLimit[kBasePositions + i],
                joint.lower_rad);
    check_value(path, joint, "upper limit", model.upperPositionLimit[kBasePositions + i],
                joint.upper_rad);
    check_value(path, joint, "effort limit", model.upperEffortLimit[6 + i], joint.effort_nm);
    check_value(path, joint, "armature", model.armature[6 + i], joint.armature_kg_m2);
  }
}

}  // namespace

struct DynamicsData::Workspace {
  explicit Workspace(const pinocchio::Model& model)
      : data(model),
        position(Eigen::VectorXd::Zero(model.nq)),
        velocity(Eigen::VectorXd::Zero(model.nv)),
        jacobian(pinocchio::Data::Matrix6x::Zero(6, model.nv)) {}

  pinocchio::Data data;
  Eigen::VectorXd position;
  Eigen::VectorXd velocity;
  pinocchio::Data::Matrix6x jacobian;
};

DynamicsData::DynamicsData() = default;
DynamicsData::~DynamicsData() = default;

struct RobotModel::Impl {
  pinocchio::Model model;
  std::array<pinocchio::FrameIndex, kNumLinks> frames{};
  double mass_kg = 0.0;
};

RobotModel::RobotModel(const std::string& path) : impl_(std::make_unique<Impl>()) {
  pinocchio::mjcf::buildModel(path, impl_->model);
  check_against_table(path, impl_->model);
  for (std::size_t i = 0; i < kLinkNames.size(); ++i) {
    if (!impl_->model.existFrame(kLinkNames[i], pinocchio::BODY)) {
      refuse(path, std::string("no link named ") + kLinkNames[i]);
    }
    impl_->frames[i] = impl_->model.getFrameId(kLinkNames[i], pinocchio::BODY);
  }
  impl_->mass_kg = pinocchio::computeTotalMass(impl_->model);
}

RobotModel::~RobotModel() = default;

std::unique_ptr<DynamicsData> RobotModel::make_data() const {
  auto data = std::make_unique<DynamicsData>();
  data->workspace = std::make_unique<DynamicsData::Workspace>(impl_->model);
  return data;
}

double RobotModel::mass_kg() const { return impl_->mass_kg; }

void RobotModel::update(const RobotState& state, DynamicsData& out) const {
  const pinocchio::Model& model = impl_->model;
  DynamicsData::Workspace& work = *out.workspace;
  pinocchio::Data& data = work.data;

  const Eigen::Vector4d quat_wxyz = state.quat_world_base_wxyz.normalized();
  const Eigen::Quaterniond attitude(quat_wxyz[0], quat_wxyz[1], quat_wxyz[2], quat_wxyz[3]);
  work.position.head<3>() = state.base_position_in_world;
  work.position.segment<4>(3) = attitude.coeffs();
  work.position.tail<kNumJoints>() = state.joint_position;
  work.velocity.head<3>() = attitude.conjugate() * state.base_linear_velocity_in_world;
  work.velocity.segment<3>(3) = state.base_angular_velocity_in_base;
  work.velocity.tail<kNumJoints>() = state.joint_velocity;

  // Leaves joint placements, world Jacobian, centroidal map and CoM behind.
  pinocchio::crba(model, data, work.position, pinocchio::Convention::WORLD);
  out.mass_matrix = data.M.selfadjointView<Eigen::Upper>();
  out.centroidal_map = data.Ag;
  out.com_in_world = data.com[0];
  out.centroidal_momentum.noalias() = out.centroidal_map * work.velocity;
  out.com_velocity_in_world = out.centroidal_momentum.head<3>() / impl_->mass_kg;

  // Leaves joint velocities behind, and accelerations at zero joint acceleration less gravity.
  out.bias_force = pinocchio::nonLinearEffects(model, data, work.position, work.velocity);
  for (std::size_t i = 0; i < out.links.size(); ++i) {
    LinkMotion& link = out.links[i];
    const pinocchio::Frame& frame = model.frames[impl_->frames[i]];
    const pinocchio::SE3& pose = pinocchio::updateFramePlacement(model, data, impl_->frames[i]);
    link.R_world_link = pose.rotation();
    link.position_in_world = pose.translation();
    const pinocchio::Motion velocity = frame.placement.actInv(data.v[frame.parentJoint]);
    const pinocchio::Motion fall = frame.placement.actInv(data.a_gf[frame.parentJoint]);
    link.velocity.head<3>() = link.R_world_link * velocity.linear();
    link.velocity.tail<3>() = link.R_world_link * velocity.angular();
    link.bias_acceleration.head<3>() =
        link.R_world_link * (fall.linear() + velocity.angular().cross(velocity.linear())) +
        model.gravity.linear();
    link.bias_acceleration.tail<3>() = link.R_world_link * fall.angular();
    work.jacobian.setZero();
    pinocchio::getFrameJacobian(model, data, impl_->frames[i], pinocchio::LOCAL_WORLD_ALIGNED,
                                work.jacobian);
    link.jacobian = work.jacobian;
  }
}

}  // namespace exoactor
