#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <exoactor/damp/child_process.hpp>
#include <exoactor/damp/last_damping.hpp>
#include <string>

namespace exoactor {
namespace {

constexpr const char* kUsage = R"(usage: exoactor-damp [OPTION]... -- COMMAND [ARGUMENT]...
       exoactor-damp --after-stop [OPTION]...

Runs COMMAND, which drives a robot on DDS, and damps the robot when COMMAND ends in whatever way
without having damped it itself, or sends no command for 0.1 s. With --after-stop damps at once,
where a record tells of a driver that died within the last 10 s. A robot that was never driven, or
that another program commands, is left alone.

  --record FILE      what COMMAND says of itself (its --driven-record)
  --domain N         default 1
  --interface NAME   default lo
  --peer ADDRESS     where multicast fails; repeatable
  --seconds S        how long damping is streamed, default 5

exit codes: COMMAND's own, 128 + its signal; of --after-stop: 0 damped or nothing to do, 1 not
damped; 2 bad options
)";

constexpr int kFail = 1, kBadInput = 2;
constexpr int kLookEvery = 20;                        // ms
constexpr std::int64_t kSilentWithin = 100'000'000;   // ns, of a driver that drives
constexpr std::int64_t kDiedWithin = 10'000'000'000;  // ns
constexpr std::int64_t kLookWhileDriven = 5'000'000;  // ns
constexpr int kSilentLooks = 2;
constexpr int kPriority = 85;  // above the driver's threads, which may take long to die

struct Options {
  DdsOptions dds;
  std::string record;
  double duration_s = 5.0;
  bool after_stop = false;
  char** command = nullptr;
};

bool parse(int count, char** words, Options& options) {
  static const option kOptions[] = {{"record", required_argument, nullptr, 'r'},
                                    {"domain", required_argument, nullptr, 'd'},
                                    {"interface", required_argument, nullptr, 'i'},
                                    {"peer", required_argument, nullptr, 'p'},
                                    {"seconds", required_argument, nullptr, 's'},
                                    {"after-stop", no_argument, nullptr, 'a'},
                                    {"help", no_argument, nullptr, 'h'},
                                    {nullptr, 0, nullptr, 0}};
  const auto read_number = [](const char* text, double least, double most, double& value) {
    char* end = nullptr;
    value = std::strtod(text, &end);
    return end != text && *end == '\0' && value >= least && value <= most;
  };
  double number = 0.0;
  for (int kind; (kind = getopt_long(count, words, "+", kOptions, nullptr)) != -1;) {
    switch (kind) {
      case 'r':
        options.record = optarg;
        break;
      case 'd':
        if (!read_number(optarg, 0, 230, number)) return false;
        options.dds.domain = static_cast<int>(number);
        break;
      case 'i':
        options.dds.network_interface = optarg;
        break;
      case 'p':
        options.dds.peers.emplace_back(optarg);
        break;
      case 's':
        if (!read_number(optarg, 0.1, 60.0, options.duration_s)) return false;
        break;
      case 'a':
        options.after_stop = true;
        break;
      case 'h':
        std::fputs(kUsage, stdout);
        std::exit(0);
      default:
        return false;
    }
  }
  options.command = words + optind;
  return !options.record.empty() && (optind < count) != options.after_stop;
}

/// Real-time priority and locked memory, where granted: the robot does not wait for other programs.
void claim_rights() {
  sched_param parameter{};
  parameter.sched_priority = kPriority;
  pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter);
  mlockall(MCL_CURRENT | MCL_FUTURE);
}

int report(const std::string& refusal) {
  if (refusal.empty()) return 0;
  std::fprintf(stderr, "exoactor-damp: %s\n", refusal.c_str());
  return kFail;
}

/// The record of a driver that is dead and left the robot driven a short while ago.
bool needs_damping(DrivenView& record) {
  const DrivenContent& content = record.content();
  const std::int64_t age_ns = monotonic_ns() - content.last_sent_ns.load();
  if (content.driven.load() != 1 || age_ns < 0 || age_ns > kDiedWithin) return false;
  return !record.is_held() || record.has_died(kSilentWithin);
}

int damp_after_stop(const Options& options) {
  const std::int64_t begin_ns = monotonic_ns();
  DrivenView record;
  if (!record.open(options.record) || !needs_damping(record)) return 0;
  claim_rights();
  LastDamping damping(options.dds);
  const int code = report(damping.run(record.content(), options.duration_s, begin_ns));
  record.let_go();
  return code;
}

/// Whether a driver that drives has sent nothing for too long, seen twice in a row.
class SilenceWatch {
 public:
  bool look(const DrivenContent& content) {
    const std::int64_t sent_ns = content.last_sent_ns.load();
    const bool silent = content.driven.load() == 1 && monotonic_ns() - sent_ns > kSilentWithin;
    looks_ = silent ? looks_ + 1 : 0;
    return looks_ >= kSilentLooks;
  }

 private:
  int looks_ = 0;
};

/// Runs the driver until it has ended, or has to be taken for dead.
void follow(ChildProcess& child, DrivenView& record, const std::string& path) {
  SilenceWatch silence;
  const auto end_it = [&child](const char* why) {
    std::fprintf(stderr, "exoactor-damp: %s; the driver is killed\n", why);
    child.kill_now();
  };
  for (;;) {
    const bool driven = record.open(path) && record.content().driven.load() == 1;
    switch (child.wait(driven ? 0 : kLookEvery)) {
      case Wake::kChildEnded:
        return;
      case Wake::kEndAsked:
        child.pass_on();
        break;
      case Wake::kAbortAsked:
        return end_it("told to abort");
      case Wake::kTimeout:
        break;
    }
    if (!driven) continue;
    if (record.has_died(kLookWhileDriven)) return;
    if (silence.look(record.content())) return end_it("no command for 0.1 s");
  }
}

int supervise(const Options& options) {
  unlink(options.record.c_str());  // of an earlier process
  ChildProcess child(options.command);
  LastDamping damping(options.dds);
  claim_rights();
  DrivenView record;
  follow(child, record, options.record);
  const std::int64_t ended_ns = monotonic_ns();
  if (record.open(options.record) && record.content().driven.load() == 1) {
    report(damping.run(record.content(), options.duration_s, ended_ns));
    record.let_go();
    std::fprintf(stderr, "exoactor-damp: the driver had ended while it drove the robot\n");
  }
  return child.await_end();
}

}  // namespace
}  // namespace exoactor

int main(int count, char** words) {
  exoactor::Options options;
  if (!exoactor::parse(count, words, options)) {
    std::fputs(exoactor::kUsage, stderr);
    return exoactor::kBadInput;
  }
  try {
    return options.after_stop ? exoactor::damp_after_stop(options) : exoactor::supervise(options);
  } catch (const std::exception& error) {
    return exoactor::report(error.what());
  }
}
