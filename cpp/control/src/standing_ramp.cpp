#include <algorithm>
#include <cmath>
#include <exoactor/control/standing_ramp.hpp>
#include <string_view>

namespace exoactor {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kShortest = 3.0;       // s
constexpr double kGreatestSpeed = 0.5;  // rad/s, of the joint with the longest way

/// What is asked of one kind of joint; stiffness is that of Unitree's own low-level example.
struct KindRow {
  std::string_view name;  // within the joint's
  double position_rad;    // of the left side; rolls are mirrored
  double stiffness;       // Nm/rad
  double damping;         // Nm s/rad
};

constexpr KindRow kKinds[] = {
    {"hip_pitch", -0.35, 60.0, 4.0},
    {"hip", 0.0, 60.0, 4.0},
    {"knee", 0.7, 100.0, 4.0},
    {"ankle_pitch", -0.35, 40.0, 2.0},
    {"ankle", 0.0, 40.0, 2.0},
    {"waist_yaw", 0.0, 60.0, 4.0},
    {"waist", 0.0, 40.0, 4.0},
    {"shoulder_pitch", 0.2, 40.0, 2.0},
    {"shoulder_roll", 0.2, 40.0, 2.0},
    {"elbow", 0.9, 40.0, 2.0},
    {"", 0.0, 40.0, 1.0},
};

const KindRow& kind_of(std::string_view joint) noexcept {
  return *std::find_if(std::begin(kKinds), std::end(kKinds), [joint](const KindRow& row) {
    return joint.find(row.name) != std::string_view::npos;
  });
}

JointVector make_posture() noexcept {
  JointVector posture;
  for (int j = 0; j < kNumJoints; ++j) {
    const std::string_view name = kJointTable[j].name;
    const bool mirrored = name.substr(0, 5) == "right" && name.find("roll") != name.npos;
    posture[j] = (mirrored ? -1.0 : 1.0) * kind_of(name).position_rad;
  }
  return posture;
}

}  // namespace

const JointVector& standing_posture() noexcept {
  static const JointVector posture = make_posture();
  return posture;
}

void StandingRamp::begin(const JointVector& position, std::int64_t now_ns) noexcept {
  start_ = position;
  begin_ns_ = now_ns;
  const double way = (standing_posture() - position).cwiseAbs().maxCoeff();
  const double mean_speed = 2.0 / kPi * kGreatestSpeed;
  duration_ns_ = static_cast<std::int64_t>(1e9 * std::max(kShortest, way / mean_speed));
}

JointCommand StandingRamp::command(std::int64_t now_ns) const noexcept {
  const double duration_s = 1e-9 * static_cast<double>(duration_ns_);
  const double share =
      std::clamp(1e-9 * static_cast<double>(now_ns - begin_ns_) / duration_s, 0.0, 1.0);
  const JointVector way = standing_posture() - start_;
  JointCommand command;
  command.position = start_ + 0.5 * (1.0 - std::cos(kPi * share)) * way;
  command.velocity = 0.5 * kPi / duration_s * std::sin(kPi * share) * way;
  for (int j = 0; j < kNumJoints; ++j) {
    const KindRow& kind = kind_of(kJointTable[j].name);
    command.stiffness[j] = kind.stiffness;
    command.damping[j] = kind.damping;
  }
  return command;
}

}  // namespace exoactor
