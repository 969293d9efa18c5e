#pragma once

#include <exoactor/types/plan.hpp>
#include <string>
#include <vector>

namespace exoactor {

/// Every number of `plan` against its level's limits. Returns one line a violation, at most one of
/// a kind; empty when the plan may be executed.
[[nodiscard]] std::vector<std::string> check_plan(const Plan& plan);

}  // namespace exoactor
