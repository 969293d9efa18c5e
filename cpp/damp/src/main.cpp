#include <cstdio>
#include <exception>
#include <exoactor/damp/damp_options.hpp>
#include <exoactor/damp/heir.hpp>
#include <exoactor/damp/supervisor.hpp>

namespace {

constexpr int kBadInput = 2;

int run(const exoactor::DampOptions& options) {
  switch (options.role) {
    case exoactor::DampRole::kSupervisor:
      return exoactor::supervise(options);
    case exoactor::DampRole::kAfterStop:
      return exoactor::damp_after_stop(options);
    case exoactor::DampRole::kStandby:
      exoactor::stand_by(options);
  }
  return kBadInput;
}

}  // namespace

int main(int count, char** words) {
  const auto options = exoactor::read_damp_options(count, words);
  if (!options) {
    std::fputs(exoactor::kDampUsage, stderr);
    return kBadInput;
  }
  try {
    return run(*options);
  } catch (const std::exception& error) {
    return exoactor::report(error.what());
  }
}
