#pragma once

#include <exoactor/dds/dds_domain.hpp>
#include <optional>
#include <string>

namespace exoactor {

/// Whom the program follows.
enum class DampRole {
  kSupervisor,  ///< the driver, which it runs as its child
  kAfterStop,   ///< a driver that has just died
  kStandby,     ///< whatever driver and supervisor use the record, one after the other
};

/// What the program was told.
struct DampOptions {
  DdsOptions dds;
  std::string record;
  double duration_s = 5.0;
  DampRole role = DampRole::kSupervisor;
  char** command = nullptr;  ///< of the driver, null-terminated
};

/// Reads the command line; nothing where it is bad. Prints the usage and exits where it is asked.
std::optional<DampOptions> read_damp_options(int count, char** words);

/// How the program is used.
extern const char* const kDampUsage;

}  // namespace exoactor
