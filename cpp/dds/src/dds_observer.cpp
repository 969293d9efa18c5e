#include <dds/dds.h>

#include <array>
#include <exoactor/dds/dds_observer.hpp>

namespace exoactor {
namespace {

/// A property that a participant tells of itself; empty where it does not.
std::string property(const dds_qos_t* qos, const char* name) {
  char* value = nullptr;
  if (!dds_qget_prop(qos, name, &value) || value == nullptr) return {};
  std::string text(value);
  dds_free(value);
  return text;
}

std::string describe(const dds_builtintopic_participant_t& peer) {
  const std::string program = property(peer.qos, "__ProcessName");
  if (program.empty()) return "a participant that does not tell its name";
  return program + " (" + property(peer.qos, "__Pid") + ") on " + property(peer.qos, "__Hostname");
}

}  // namespace

DdsObserver::DdsObserver(const DdsOptions& options, const IntakeLimits& limits)
    : participant_(options),
      listener_(participant_, limits),
      peer_reader_(checked(dds_create_reader(participant_.handle(),
                                             DDS_BUILTIN_TOPIC_DCPSPARTICIPANT, nullptr, nullptr),
                           "discovery reader")) {}

std::vector<std::string> DdsObserver::peers() const {
  constexpr int kMost = 64;
  std::array<void*, kMost> samples{};
  std::array<dds_sample_info_t, kMost> infos{};
  const ParticipantId own = participant_id(participant_.handle());
  std::vector<std::string> lines;
  const dds_return_t count = dds_read(peer_reader_, samples.data(), infos.data(), kMost, kMost);
  if (count <= 0) return lines;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    if (!infos[i].valid_data || infos[i].instance_state != DDS_ALIVE_INSTANCE_STATE) continue;
    const auto& peer = *static_cast<const dds_builtintopic_participant_t*>(samples[i]);
    if (to_id(peer.key) != own) lines.push_back(describe(peer));
  }
  dds_return_loan(peer_reader_, samples.data(), count);
  return lines;
}

}  // namespace exoactor
