// The link's threads without robot, library and us: what they cost on this machine at least, and
// how late a thread is here. Usage: bare_link SECONDS PRIORITY CPU (-1: any). Prints one line.
//
// A thread wakes every 2 ms, as the loop does, and wakes a second one that sends a packet of a
// LowCmd's size over UDP on the loopback interface; a third receives one of a LowState's size,
// which another process sends every 2 ms. Processors are kept awake as the loop keeps them.

#include <arpa/inet.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exoactor/hal/pin_thread.hpp>
#include <exoactor/runtime/cpu_latency_request.hpp>
#include <thread>
#include <vector>

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kPeriod = 2'000'000;  // ns
constexpr std::size_t kCommandBytes = 1004, kStateBytes = 2092;
constexpr std::uint16_t kRobotPort = 45'701, kDriverPort = 45'702;

std::int64_t now_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

/// CPU time of a thread.
std::int64_t spent_ns(std::thread& thread) {
  clockid_t clock{};
  pthread_getcpuclockid(thread.native_handle(), &clock);
  return now_ns(clock);
}

/// As late as it is, ns.
std::int64_t sleep_until(std::int64_t due_ns) {
  const timespec due{due_ns / kSecond, due_ns % kSecond};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
  return now_ns(CLOCK_MONOTONIC) - due_ns;
}

void claim_fifo(int priority) {
  sched_param parameter{};
  parameter.sched_priority = priority;
  if (priority > 0) pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter);
}

/// One end of the link, bound to a port.
class Socket {
 public:
  Socket(std::uint16_t own, std::uint16_t other) : peer_(loopback(other)) {
    const sockaddr_in address = loopback(own);
    if (bind(file_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      std::perror("bind");
      std::exit(1);
    }
  }

  void send(std::size_t size) const {
    static const char bytes[kStateBytes]{};
    sendto(file_, bytes, size, 0, reinterpret_cast<const sockaddr*>(&peer_), sizeof peer_);
  }
  void receive() const {
    char bytes[4096];
    if (recv(file_, bytes, sizeof bytes, 0) < 0) std::perror("recv");
  }

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  int file_ = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in peer_;
};

[[noreturn]] void play_robot(int priority) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const Socket socket(kRobotPort, kDriverPort);
  std::thread([&] {
    for (;;) socket.receive();
  }).detach();
  claim_fifo(std::min(priority, 60));
  for (std::int64_t due_ns = now_ns(CLOCK_MONOTONIC);; due_ns += kPeriod) {
    sleep_until(due_ns);
    socket.send(kStateBytes);
  }
}

/// Ends the process, with threads that wait for ever.
[[noreturn]] void measure(double seconds, int priority, int cpu) {
  const Socket socket(kDriverPort, kRobotPort);
  exoactor::pin_thread(cpu);
  sem_t work;
  sem_init(&work, 0, 0);
  std::thread sender([&] {
    claim_fifo(cpu < 0 ? priority : priority + 1);
    for (;;) {
      sem_wait(&work);
      socket.send(kCommandBytes);
    }
  });
  std::thread receiver([&] {
    claim_fifo(priority - 1);
    for (;;) socket.receive();
  });
  mlockall(MCL_CURRENT);
  const exoactor::CpuLatencyRequest awake;
  claim_fifo(priority);
  std::vector<std::int64_t> late(
      std::max<std::size_t>(100, static_cast<std::size_t>(500 * seconds)));
  const std::int64_t begin_ns = now_ns(CLOCK_MONOTONIC);
  const std::int64_t sent_ns = spent_ns(sender), received_ns = spent_ns(receiver);
  std::int64_t due_ns = begin_ns;
  for (std::int64_t& sample : late) {
    sample = sleep_until(due_ns += kPeriod);
    sem_post(&work);
  }
  const auto elapsed_ns = static_cast<double>(now_ns(CLOCK_MONOTONIC) - begin_ns);
  const double sending = 100.0 * static_cast<double>(spent_ns(sender) - sent_ns) / elapsed_ns;
  const double receiving =
      100.0 * static_cast<double>(spent_ns(receiver) - received_ns) / elapsed_ns;
  std::sort(late.begin(), late.end());
  const auto late_us = [&](double share) {
    return 1e-3 * static_cast<double>(late[static_cast<std::size_t>(share * (late.size() - 1))]);
  };
  std::printf(
      "late p50 %.0f p99 %.0f p99.9 %.0f max %.0f us | CPU %.1f %% of a core (receiving %.1f, "
      "sending %.1f)\n",
      late_us(0.5), late_us(0.99), late_us(0.999), late_us(1.0), sending + receiving, receiving,
      sending);
  std::fflush(stdout);
  _exit(0);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const double seconds = std::atof(arguments[1]);
  const int priority = std::atoi(arguments[2]), cpu = std::atoi(arguments[3]);
  if (fork() == 0) play_robot(priority);
  measure(seconds, priority, cpu);
}
