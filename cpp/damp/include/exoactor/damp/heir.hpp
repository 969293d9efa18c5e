#pragma once

#include <cstdint>
#include <exoactor/damp/damp_options.hpp>
#include <string>

namespace exoactor {

/// A driver that drives and sends nothing for so long is taken for dead.
inline constexpr std::int64_t kSilentWithin = 100'000'000;  // ns

/// Damps where the record tells of a driver that died a short while ago and nobody else does; waits
/// for one that does, and for a driver that is about to die. Returns the exit code, that of a
/// failure where the driver lives on and drives; throws std::runtime_error where the network
/// refuses.
int damp_after_stop(const DampOptions& options);

/// Waits, on the network but without a publisher, for a driver and its supervisor to die both while
/// the robot is driven; damps; waits for the next. Never returns; throws std::runtime_error where
/// the network refuses.
[[noreturn]] void stand_by(const DampOptions& options);

/// Real-time priority and locked memory, where granted: the robot does not wait for other programs.
void claim_rights();

/// Tells why the robot is not damped, on stderr. Returns the exit code.
int report(const std::string& refusal);

}  // namespace exoactor
