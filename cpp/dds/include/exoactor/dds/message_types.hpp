#pragma once

#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/wire/low_cmd.hpp>
#include <exoactor/wire/low_state.hpp>

namespace exoactor {

/// How a reader or writer keeps and passes on samples.
struct Delivery {
  bool reliable = false;
  int depth = 1;  ///< newest samples kept
};

/// What our side uses for low-level messages: it matches reliable and best-effort peers alike, and
/// a slow peer never blocks a write.
inline constexpr Delivery kStateReader{false, 1};
inline constexpr Delivery kCommandWriter{true, 1};

/// The robot's topics, by what is said on them.
enum class RobotTopic {
  kLowCmd,
  kLowState,
  kBattery,
  kTorsoImu,
  kLeftHandState,
  kRightHandState,
  kModeRequest,
  kModeResponse
};

inline constexpr const char* kLowCmdTopic = "rt/lowcmd";

/// Throw std::runtime_error where the library refuses. Readers hand their samples to a listener of
/// the C API, which may be null.
DdsHandle make_reader(const DdsParticipant& participant, RobotTopic topic, const Delivery& delivery,
                      const void* listener = nullptr);
DdsHandle make_writer(const DdsParticipant& participant, RobotTopic topic,
                      const Delivery& delivery);

}  // namespace exoactor
