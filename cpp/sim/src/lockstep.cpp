#include <exoactor/runtime/clock.hpp>
#include <exoactor/runtime/tick_claim.hpp>
#include <exoactor/sim/lockstep.hpp>

namespace exoactor {

std::vector<TruthAt> run_lockstep(SimulatedBody& body, ControlTick& tick, RecordRing& ring,
                                  std::int64_t now_ns, std::int64_t period_ns, int ticks) {
  const TickClaim claim(tick);
  const RobotHealth health;
  RealClock stopwatch;
  TickRecord record;
  std::vector<TruthAt> truths;
  truths.reserve(static_cast<std::size_t>(ticks));
  for (int index = 0; index < ticks; ++index) {
    const SensorState sensors = body.read(now_ns);
    record = TickRecord();
    const std::int64_t start_ns = stopwatch.now_ns();
    tick.step(sensors, health, now_ns, record);
    record.took_ns = stopwatch.now_ns() - start_ns;
    ring.push(record);
    if (record.guard.may_send()) body.write(record.sent);
    const double time_s = body.time_s();
    truths.push_back({time_s, body.step()});
    now_ns += period_ns;
    if (body.is_fallen()) break;
  }
  return truths;
}

}  // namespace exoactor
