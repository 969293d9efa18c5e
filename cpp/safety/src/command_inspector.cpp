#include <exoactor/safety/command_inspector.hpp>
#include <exoactor/safety/violation.hpp>

namespace exoactor {
namespace {

Trip inspect_gain(TripCause cause, const JointVector& gain, const JointVector& limit) noexcept {
  for (int j = 0; j < kNumJoints; ++j) {
    if (gain[j] < 0.0 || gain[j] > limit[j]) return violation(cause, j, gain[j], limit[j]);
  }
  return Trip{};
}

}  // namespace

Trip inspect_command(const JointCommand& wanted, std::int64_t now_ns,
                     const GuardLimits& limits) noexcept {
  for (const JointVector* values :
       {&wanted.position, &wanted.velocity, &wanted.torque, &wanted.stiffness, &wanted.damping}) {
    const int joint = find_not_finite(*values);
    if (joint >= 0) return violation(TripCause::kCommandNotFinite, joint, (*values)[joint], 0.0);
  }
  Trip found = inspect_age(TripCause::kCommandAge, now_ns - wanted.stamp_ns, limits.command_age_ns);
  keep_first(found, inspect_gain(TripCause::kStiffness, wanted.stiffness, limits.stiffness));
  keep_first(found, inspect_gain(TripCause::kDamping, wanted.damping, limits.damping));
  return found;
}

}  // namespace exoactor
