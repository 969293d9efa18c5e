#pragma once

#include <exoactor/runtime/control_tick.hpp>
#include <stdexcept>

namespace exoactor {

/// The tick for the length of one call; throws where a loop has it.
class TickClaim {
 public:
  explicit TickClaim(ControlTick& tick) : tick_(tick) {
    if (!tick_.claim()) {
      throw std::runtime_error("control tick: a control loop runs it; nothing done");
    }
  }
  ~TickClaim() { tick_.release(); }
  TickClaim(const TickClaim&) = delete;
  TickClaim& operator=(const TickClaim&) = delete;

 private:
  ControlTick& tick_;
};

}  // namespace exoactor
