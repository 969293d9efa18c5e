#include <cmath>
#include <exception>
#include <exoactor/runtime/control_tick.hpp>

namespace exoactor {
namespace {

/// A filter fed one bad number is lost for good: the guard sees such a state, nobody else.
bool is_usable(const SensorState& sensors) noexcept {
  return sensors.joint_position.allFinite() && sensors.joint_velocity.allFinite() &&
         sensors.joint_torque.allFinite() && sensors.quat_world_imu_wxyz.allFinite() &&
         sensors.quat_world_imu_wxyz.norm() > 0.5 && sensors.gyro_in_imu.allFinite() &&
         sensors.accel_in_imu.allFinite();
}

}  // namespace

ControlTick::ControlTick(std::shared_ptr<const RobotModel> model, const GuardLimits& limits)
    : estimator_(model), controller_(model), guard_(limits) {}

void ControlTick::step(const SensorState& sensors, std::int64_t now_ns,
                       TickRecord& record) noexcept {
  record.now_ns = now_ns;
  record.sensors = sensors;
  record.wanted = JointCommand{};
  record.wanted.stamp_ns = sensors.stamp_ns;
  if (is_usable(sensors) && guard_.status().state != GuardState::kDamping) {
    control(sensors, now_ns, record);
  }
  record.guard = guard_.enforce(record.wanted, sensors, now_ns, record.sent);
}

void ControlTick::control(const SensorState& sensors, std::int64_t now_ns,
                          TickRecord& record) noexcept {
  try {
    record.state = estimator_.update(sensors, controller_.standing_feet(), now_ns);
    if (guard_.status().state != GuardState::kActive) return;
    record.wanted = controller_.step(record.state, now_ns);
    record.wanted.stamp_ns = sensors.stamp_ns;
    record.telemetry = controller_.telemetry();
    if (record.telemetry.status == ControlStatus::kFailed) {
      guard_.damp(now_ns, TripCause::kController);
    }
  } catch (const std::exception&) {
    guard_.damp(now_ns, TripCause::kController);
  }
}

bool ControlTick::arm(std::int64_t now_ns) noexcept {
  if (!guard_.arm(now_ns)) return false;
  controller_.reset();
  return true;
}

void ControlTick::reset() noexcept {
  guard_.reset();
  estimator_.reset();
  controller_.reset();
}

}  // namespace exoactor
