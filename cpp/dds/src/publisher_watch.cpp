#include <dds/dds.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exoactor/dds/message_types.hpp>
#include <exoactor/dds/participant_id.hpp>
#include <exoactor/dds/publisher_watch.hpp>
#include <memory>

namespace exoactor {
PublisherWatch::PublisherWatch(const DdsParticipant& participant)
    : participant_(participant.handle()) {
  const std::unique_ptr<dds_listener_t, decltype(&dds_delete_listener)> listener(
      dds_create_listener(this), &dds_delete_listener);
  dds_lset_data_available(listener.get(), &PublisherWatch::on_data);
  reader_ = checked(
      dds_create_reader(participant_, DDS_BUILTIN_TOPIC_DCPSPUBLICATION, nullptr, listener.get()),
      "discovery reader");
}

PublisherWatch::~PublisherWatch() { dds_delete(reader_); }

int PublisherWatch::others_than(const std::vector<ParticipantId>& known) {
  const std::lock_guard lock(mutex_);
  const auto is_other = [&](const auto& publisher) {
    return std::find(known.begin(), known.end(), publisher.second) == known.end();
  };
  return static_cast<int>(std::count_if(publishers_.begin(), publishers_.end(), is_other));
}

void PublisherWatch::on_data(DdsHandle reader, void* self) {
  static_cast<PublisherWatch*>(self)->look(reader);
}

void PublisherWatch::look(DdsHandle reader) {
  constexpr int kMost = 16;
  const std::lock_guard lock(mutex_);
  const ParticipantId own = participant_id(participant_);
  std::array<void*, kMost> samples{};
  std::array<dds_sample_info_t, kMost> infos{};
  for (;;) {
    samples.fill(nullptr);
    const dds_return_t count = dds_take(reader, samples.data(), infos.data(), kMost, kMost);
    if (count <= 0) break;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const auto* endpoint = static_cast<const dds_builtintopic_endpoint_t*>(samples[i]);
      if (infos[i].instance_state != DDS_ALIVE_INSTANCE_STATE) {
        publishers_.erase(infos[i].instance_handle);
      } else if (infos[i].valid_data && std::strcmp(endpoint->topic_name, kLowCmdTopic) == 0) {
        const ParticipantId whose = to_id(endpoint->participant_key);
        if (whose != own) publishers_[infos[i].instance_handle] = whose;
      }
    }
    dds_return_loan(reader, samples.data(), count);
  }
  others_.store(static_cast<int>(publishers_.size()), std::memory_order_release);
}

}  // namespace exoactor
