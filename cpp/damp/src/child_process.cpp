#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exoactor/damp/child_process.hpp>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace exoactor {
namespace {

constexpr int kCannotRun = 127;
constexpr long kMillisecond = 1'000'000;  // ns

}  // namespace

ChildProcess::ChildProcess(char* const* command) {
  sigemptyset(&signals_);
  for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGABRT}) {
    sigaddset(&signals_, number);
  }
  sigset_t before;
  sigprocmask(SIG_BLOCK, &signals_, &before);
  const pid_t supervisor = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  setpgid(0, 0);
  const rlimit no_core{1, 1};  // not 0, with which a core still goes into a pipe; it takes seconds
  setrlimit(RLIMIT_CORE, &no_core);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (getppid() == supervisor) execvp(command[0], command);
  std::perror(command[0]);
  _exit(kCannotRun);
}

Wake ChildProcess::wait(int timeout_ms) {
  if (reap(WNOHANG)) return Wake::kChildEnded;
  const timespec timeout{timeout_ms / 1000, (timeout_ms % 1000) * kMillisecond};
  const int number = sigtimedwait(&signals_, nullptr, &timeout);
  if (number == SIGCHLD) return reap(WNOHANG) ? Wake::kChildEnded : Wake::kTimeout;
  if (number <= 0) return Wake::kTimeout;
  asked_ = number;
  return number == SIGABRT ? Wake::kAbortAsked : Wake::kEndAsked;
}

void ChildProcess::pass_on() noexcept {
  if (!ended_) kill(pid_, asked_);
}

void ChildProcess::kill_now() noexcept {
  if (!ended_) kill(pid_, SIGKILL);
}

int ChildProcess::await_end() noexcept {
  reap(0);
  return exit_code_;
}

bool ChildProcess::reap(int options) noexcept {
  if (ended_) return true;
  int status = 0;
  if (waitpid(pid_, &status, options) != pid_) return false;
  ended_ = true;
  exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

}  // namespace exoactor
