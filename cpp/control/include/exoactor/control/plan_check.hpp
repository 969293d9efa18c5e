#pragma once

#include <exoactor/types/plan.hpp>
#include <string>

namespace exoactor {

/// Why `plan` cannot be executed, in one line; empty when it can. Bounds are those of the
/// controller, wider than a planner's.
[[nodiscard]] std::string find_plan_defect(const Plan& plan);

}  // namespace exoactor
