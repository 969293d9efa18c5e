#include <algorithm>
#include <exoactor/estimation/foot_contacts.hpp>

namespace exoactor {
namespace {

constexpr double kNearGround = 0.01;  // m, above the lower foot
constexpr double kRestSpeed = 0.3;    // m/s, horizontal
constexpr double kFlightForce = 4.0;  // m/s^2, specific: in free fall it is zero
/// Neither a slip nor a flight of this robot lasts longer: after it the slower of the feet near the
/// ground stands, whatever its speed seems. The accelerometer bridges less than that well.
constexpr double kLongestSlip = 0.1;    // s
constexpr double kLongestFlight = 0.3;  // s

}  // namespace

void FootContacts::reset() {
  contact_ = {true, true};
  airborne_s_ = 0.0;
}

void FootContacts::update(const StateEstimator& estimator, double dt_s) noexcept {
  const std::array<SoleMotion, 2> soles = estimator.sole_motion();
  const int lower = soles[kRight].lowest_m < soles[kLeft].lowest_m ? kRight : kLeft;
  const int slower = soles[kRight].speed_m_s < soles[kLeft].speed_m_s ? kRight : kLeft;
  const bool supported = estimator.specific_force_m_s2() > kFlightForce;
  std::array<bool, 2> near{};
  for (int side : {kLeft, kRight}) {
    near[side] = soles[side].lowest_m - soles[lower].lowest_m < kNearGround;
    contact_[side] = supported && near[side] && soles[side].speed_m_s < kRestSpeed;
  }
  airborne_s_ = contact_[kLeft] || contact_[kRight] ? 0.0 : airborne_s_ + dt_s;
  if (airborne_s_ > (supported ? kLongestSlip : kLongestFlight)) {
    contact_[near[slower] ? slower : lower] = true;
  }
}

}  // namespace exoactor
