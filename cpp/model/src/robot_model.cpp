// The only file that includes Pinocchio.
#include <Eigen/Geometry>
#include <cmath>
#include <exoactor/model/robot_model.hpp>
#include <pinocchio/algorithm/center-of-mass.hpp>
#include <pinocchio/algorithm/crba.hpp>
#include <pinocchio/algorithm/jacobian.hpp>
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

pinocchio::JointIndex joint_of(int body) { return static_cast<pinocchio::JointIndex>(body + 1); }

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
  std::array<int, kNumLinks> bodies{};  ///< of the links
  std::array<std::uint32_t, kNumRigidBodies> chains{};
  double mass_kg = 0.0;

  void write_body(const pinocchio::Data& data, int body, BodyMotion& out) const;
};

RobotModel::RobotModel(const std::string& path) : impl_(std::make_unique<Impl>()) {
  pinocchio::mjcf::buildModel(path, impl_->model);
  check_against_table(path, impl_->model);
  for (std::size_t i = 0; i < kLinkNames.size(); ++i) impl_->bodies[i] = body(kLinkNames[i]);
  for (int i = 1; i < kNumRigidBodies; ++i) {
    const auto parent = static_cast<int>(impl_->model.parents[static_cast<std::size_t>(i + 1)]) - 1;
    impl_->chains[i] = impl_->chains[parent] | (std::uint32_t{1} << (i - 1));
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

const std::array<std::uint32_t, kNumRigidBodies>& RobotModel::chains() const {
  return impl_->chains;
}

int RobotModel::body(const std::string& link) const {
  const pinocchio::Model& model = impl_->model;
  if (!model.existFrame(link, pinocchio::BODY)) {
    throw std::runtime_error("robot model: no link named " + link + "; model refused");
  }
  const pinocchio::Frame& frame = model.frames[model.getFrameId(link, pinocchio::BODY)];
  if (!frame.placement.isIdentity(kTableTolerance)) {
    throw std::runtime_error("robot model: " + link + " has its joint away from its origin; " +
                             "model refused");
  }
  return static_cast<int>(frame.parentJoint) - 1;
}

void RobotModel::Impl::write_body(const pinocchio::Data& data, int body, BodyMotion& out) const {
  const pinocchio::JointIndex joint = joint_of(body);
  const Eigen::Matrix3d& R = data.oMi[joint].rotation();
  const pinocchio::Motion& velocity = data.v[joint];
  const pinocchio::Motion& fall = data.a_gf[joint];
  out.R_world_link = R;
  out.position_in_world = data.oMi[joint].translation();
  out.velocity.head<3>() = R * velocity.linear();
  out.velocity.tail<3>() = R * velocity.angular();
  out.bias_acceleration.head<3>() =
      R * (fall.linear() + velocity.angular().cross(velocity.linear())) + model.gravity.linear();
  out.bias_acceleration.tail<3>() = R * fall.angular();
}

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
  for (int i = 0; i < kNumRigidBodies; ++i) impl_->write_body(data, i, out.bodies[i]);
  out.world_jacobian = data.J;
  for (std::size_t i = 0; i < out.links.size(); ++i) {
    const int index = impl_->bodies[i];
    LinkMotion& link = out.links[i];
    static_cast<BodyMotion&>(link) = out.bodies[index];
    work.jacobian.setZero();
    pinocchio::getJointJacobian(model, data, joint_of(index), pinocchio::LOCAL_WORLD_ALIGNED,
                                work.jacobian);
    link.jacobian = work.jacobian;
  }
}

}  // namespace exoactor
