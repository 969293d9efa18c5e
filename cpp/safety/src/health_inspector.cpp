#include <array>
#include <exoactor/safety/health_inspector.hpp>
#include <exoactor/safety/violation.hpp>

namespace exoactor {
namespace {

/// The first motor hotter than allowed at either sensor; no trip where none is.
Trip find_heat(TripCause cause, const RobotHealth& health, int winding_c, int surface_c) noexcept {
  for (int j = 0; j < kNumJoints; ++j) {
    const auto at = static_cast<std::size_t>(j);
    const int winding = health.winding_temperature_c[at];
    const int surface = health.surface_temperature_c[at];
    if (winding > winding_c) return violation(cause, j, winding, winding_c);
    if (surface > surface_c) return violation(cause, j, surface, surface_c);
  }
  return Trip{};
}

/// The first motor that reports a fault; that it misses commands is none, as while nothing is sent.
Trip find_motor_fault(const RobotHealth& health) noexcept {
  for (int j = 0; j < kNumJoints; ++j) {
    const std::uint32_t bits =
        health.motor_fault[static_cast<std::size_t>(j)] & ~kMotorTimeoutFault;
    if (bits != 0) return violation(TripCause::kMotorFault, j, static_cast<double>(bits), 0.0);
  }
  return Trip{};
}

/// A charge below `percent`; none where the battery has not told any.
Trip find_low_charge(TripCause cause, int charge_percent, int percent) noexcept {
  if (charge_percent < 0 || charge_percent >= percent) return Trip{};
  return violation(cause, -1, charge_percent, percent);
}

}  // namespace

Trip HealthInspector::inspect(const RobotHealth& health, const GuardLimits& limits) noexcept {
  if (health.stamp_ns == 0) return Trip{};
  if (health.stamp_ns != stamp_ns_) {
    stamp_ns_ = health.stamp_ns;
    bad_crc_ = health.bad_crc;
    judge(health, limits);
  }
  if (found_) return found_;
  const std::int64_t in_a_row = health.bad_crc - bad_crc_;
  if (in_a_row <= limits.crc_errors) return Trip{};
  return violation(TripCause::kCrcErrors, -1, static_cast<double>(in_a_row), limits.crc_errors);
}

bool HealthInspector::quiet() const noexcept {
  return !found_ && fault_.quiet() && hot_.quiet() && low_.quiet() && warm_.quiet() &&
         reserve_.quiet();
}

void HealthInspector::judge(const RobotHealth& health, const GuardLimits& limits) noexcept {
  found_ = Trip{};
  if (health.remote.is_abort()) found_ = violation(TripCause::kRemoteAbort, -1, 0.0, 0.0);
  if (health.mode_machine != limits.mode_machine) {
    keep_first(found_,
               violation(TripCause::kModeChanged, -1, health.mode_machine, limits.mode_machine));
  }
  if (health.other_publishers > 0) {
    keep_first(found_, violation(TripCause::kSecondPublisher, -1, health.other_publishers, 0.0));
  }
  keep_first(found_, inspect_motors(health, limits));
  keep_first(found_, inspect_battery(health, limits));
  find_concern(health, limits);
}

Trip HealthInspector::inspect_motors(const RobotHealth& health,
                                     const GuardLimits& limits) noexcept {
  const Trip fault = find_motor_fault(health);
  const Trip heat = find_heat(TripCause::kMotorHot, health, limits.winding_temperature_c,
                              limits.surface_temperature_c);
  const bool faulty = fault_.persists(bool(fault), limits.debounce_ticks);
  const bool hot = hot_.persists(bool(heat), limits.debounce_ticks);
  if (faulty) return fault;
  return hot ? heat : Trip{};
}

Trip HealthInspector::inspect_battery(const RobotHealth& health,
                                      const GuardLimits& limits) noexcept {
  const Trip low =
      find_low_charge(TripCause::kBatteryLow, health.charge_percent, limits.battery_percent);
  return low_.persists(bool(low), limits.debounce_ticks) ? low : Trip{};
}

void HealthInspector::find_concern(const RobotHealth& health, const GuardLimits& limits) noexcept {
  const Trip warm =
      find_heat(TripCause::kMotorWarm, health, limits.winding_warm_c, limits.surface_warm_c);
  const Trip reserve = find_low_charge(TripCause::kBatteryReserve, health.charge_percent,
                                       limits.battery_reserve_percent);
  concern_ = Trip{};
  if (warm_.persists(bool(warm), limits.debounce_ticks)) concern_ = warm;
  if (reserve_.persists(bool(reserve), limits.debounce_ticks)) keep_first(concern_, reserve);
}

}  // namespace exoactor
