#include <getopt.h>

#include <cstdio>
#include <cstdlib>
#include <exoactor/damp/damp_options.hpp>

namespace exoactor {

const char* const kDampUsage = R"(usage: exoactor-damp [OPTION]... -- COMMAND [ARGUMENT]...
       exoactor-damp --standby [OPTION]...
       exoactor-damp --after-stop [OPTION]...

Runs COMMAND, which drives a robot on DDS, and damps the robot when COMMAND ends in whatever way
without having damped it itself, or sends no command for 0.1 s. With --standby waits, in a service
of its own, until COMMAND and the exoactor-damp that runs it are dead both. With --after-stop damps
where a record tells of a driver that died within the last 10 s, or dies within the next 3 s, and
nobody else damps. A robot that was never driven, or that another program commands, is left alone.

  --record FILE      what COMMAND says of itself (its --driven-record)
  --domain N         default 1
  --interface NAME   default lo
  --peer ADDRESS     where multicast fails; repeatable
  --seconds S        how long damping is streamed, default 5

exit codes: COMMAND's own, 128 + its signal; of --after-stop: 0 damped or nothing to do, 1 not
damped, as where the driver lives on; of --standby: 1 where it cannot stand by; 2 bad options
)";

namespace {

bool read_number(const char* text, double least, double most, double& value) {
  char* end = nullptr;
  value = std::strtod(text, &end);
  return end != text && *end == '\0' && value >= least && value <= most;
}

}  // namespace

std::optional<DampOptions> read_damp_options(int count, char** words) {
  static const option kOptions[] = {{"record", required_argument, nullptr, 'r'},
                                    {"domain", required_argument, nullptr, 'd'},
                                    {"interface", required_argument, nullptr, 'i'},
                                    {"peer", required_argument, nullptr, 'p'},
                                    {"seconds", required_argument, nullptr, 's'},
                                    {"after-stop", no_argument, nullptr, 'a'},
                                    {"standby", no_argument, nullptr, 'b'},
                                    {"help", no_argument, nullptr, 'h'},
                                    {nullptr, 0, nullptr, 0}};
  DampOptions options;
  double number = 0.0;
  for (int kind; (kind = getopt_long(count, words, "+", kOptions, nullptr)) != -1;) {
    switch (kind) {
      case 'r':
        options.record = optarg;
        break;
      case 'd':
        if (!read_number(optarg, 0, 230, number)) return std::nullopt;
        options.dds.domain = static_cast<int>(number);
        break;
      case 'i':
        options.dds.network_interface = optarg;
        break;
      case 'p':
        options.dds.peers.emplace_back(optarg);
        break;
      case 's':
        if (!read_number(optarg, 0.1, 60.0, options.duration_s)) return std::nullopt;
        break;
      case 'a':
        options.role = DampRole::kAfterStop;
        break;
      case 'b':
        options.role = DampRole::kStandby;
        break;
      case 'h':
        std::fputs(kDampUsage, stdout);
        std::exit(0);
      default:
        return std::nullopt;
    }
  }
  options.command = words + optind;
  const bool runs_command = optind < count;
  if (options.record.empty() || runs_command != (options.role == DampRole::kSupervisor)) {
    return std::nullopt;
  }
  return options;
}

}  // namespace exoactor
