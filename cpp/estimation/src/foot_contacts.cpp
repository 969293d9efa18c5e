#include <algorithm>
#include <exoactor/estimation/foot_contacts.hpp>

namespace exoactor {
namespace {

constexpr double kNearGround = 0.01;  // m, above the lower foot
constexpr double kLeastForce = 80.0;  // N, vertical
constexpr double kRestSpeed = 0.4;    // m/s, horizontal
/// No flight of this robot lasts longer: after it the lower foot stands, whatever its speed seems.
constexpr double kLongestFlight = 0.3;  // s

}  // namespace

void FootContacts::reset() {
  contact_ = {true, true};
  airborne_s_ = 0.0;
}

void FootContacts::update(const StateEstimator& estimator, double dt_s) noexcept {
  const std::array<SoleMotion, 2> soles = estimator.sole_motion();
  const auto& force = estimator.state().foot_force_in_world;
  const int lower = soles[kRight].lowest_m < soles[kLeft].lowest_m ? kRight : kLeft;
  for (int side : {kLeft, kRight}) {
    contact_[side] = soles[side].lowest_m - soles[lower].lowest_m < kNearGround &&
                     force[side].z() > kLeastForce && soles[side].speed_m_s < kRestSpeed;
  }
  airborne_s_ = contact_[kLeft] || contact_[kRight] ? 0.0 : airborne_s_ + dt_s;
  if (airborne_s_ > kLongestFlight) contact_[lower] = true;
}

}  // namespace exoactor
