#include <dds/dds.h>
#include <dds/ddsrt/log.h>
#include <pthread.h>
#include <sched.h>

#include <exoactor/dds/dds_domain.hpp>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace exoactor {
namespace {

/// Participants that one machine can hold on an interface without multicast.
constexpr const char* kMostParticipants = "60";

/// `name`, or std::runtime_error when it would break the settings' text.
const std::string& checked_name(const std::string& name) {
  if (name.empty() || name.find_first_of("<>&\"'") != std::string::npos) {
    throw std::runtime_error("dds: '" + name + "' is no interface or address");
  }
  return name;
}

/// Whether a thread of this process may have real-time priority.
bool may_claim_priority(int priority) {
  bool granted = false;
  std::thread probe([&granted, priority] {
    sched_param parameter{};
    parameter.sched_priority = priority;
    granted = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter) == 0;
  });
  probe.join();
  return granted;
}

/// Real-time priority, where it is granted, for the thread that takes messages from the network and
/// for those that share locks with it: a busy machine would otherwise make the state late.
std::string thread_settings(int priority) {
  if (priority <= 0 || !may_claim_priority(priority)) return {};
  std::string text;
  for (const char* name : {"recv", "tev", "dq.builtins", "gc"}) {
    text += std::string("<Thread Name=\"") + name +
            "\"><Scheduling><Class>Realtime</Class><Priority>" + std::to_string(priority) +
            "</Priority></Scheduling></Thread>";
  }
  return "<Threads>" + text + "</Threads>";
}

/// One thread receives everything: of several only one could be given its priority.
std::string settings(const DdsOptions& options) {
  const bool loopback = options.network_interface == "lo";
  std::string peers = loopback ? "<Peer Address=\"127.0.0.1\"/>" : "";
  for (const std::string& peer : options.peers) {
    peers += "<Peer Address=\"" + checked_name(peer) + "\"/>";
  }
  return "<CycloneDDS><Domain Id=\"any\"><General><Interfaces><NetworkInterface name=\"" +
         checked_name(options.network_interface) + "\" multicast=\"" +
         (loopback ? "false" : "default") +
         "\"/></Interfaces></General>"
         "<Discovery><ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>" +
         kMostParticipants + "</MaxAutoParticipantIndex><LeaseDuration>3s</LeaseDuration><Peers>" +
         peers +
         "</Peers></Discovery>"
         "<Internal><MultipleReceiveThreads>false</MultipleReceiveThreads></Internal>" +
         thread_settings(options.receive_priority) + "</Domain></CycloneDDS>";
}

struct OpenDomain {
  std::weak_ptr<const DdsHandle> handle;
  std::string settings;
};

/// The domain, opened on first use and closed with its last participant.
std::shared_ptr<const DdsHandle> open_domain(const DdsOptions& options) {
  static std::mutex mutex;
  static std::map<int, OpenDomain> domains;
  const std::lock_guard lock(mutex);
  const std::string wanted = settings(options);
  OpenDomain& domain = domains[options.domain];
  if (auto open = domain.handle.lock()) {
    if (domain.settings != wanted) {
      throw std::runtime_error("dds: domain " + std::to_string(options.domain) +
                               " is open with other settings in this process");
    }
    return open;
  }
  dds_set_log_mask(DDS_LC_FATAL | DDS_LC_ERROR);
  const auto id = static_cast<dds_domainid_t>(options.domain);
  const DdsHandle handle = checked(dds_create_domain(id, wanted.c_str()), "domain");
  std::shared_ptr<const DdsHandle> open(new DdsHandle(handle), [](const DdsHandle* closing) {
    dds_delete(*closing);
    delete closing;
  });
  domain = {open, wanted};
  return open;
}

}  // namespace

DdsHandle checked(DdsHandle handle, const char* what) {
  if (handle >= 0) return handle;
  throw std::runtime_error(std::string("dds: ") + what + ": " + dds_strretcode(-handle));
}

DdsParticipant::DdsParticipant(const DdsOptions& options)
    : domain_(open_domain(options)),
      handle_(checked(
          dds_create_participant(static_cast<dds_domainid_t>(options.domain), nullptr, nullptr),
          "participant")) {}

DdsParticipant::~DdsParticipant() { dds_delete(handle_); }

}  // namespace exoactor
