#pragma once

#include <exoactor/damp/damp_options.hpp>

namespace exoactor {

/// Runs the driver, and damps the robot after its end or when it falls silent. Returns the driver's
/// exit code. Throws std::runtime_error where the network refuses.
int supervise(const DampOptions& options);

}  // namespace exoactor
