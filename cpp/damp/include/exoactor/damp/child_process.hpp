#pragma once

#include <sys/types.h>

#include <csignal>
#include <cstdint>

namespace exoactor {

/// What woke a supervisor.
enum class Wake { kTimeout, kChildEnded, kEndAsked, kAbortAsked };

/// One program, run as a child in a process group of its own: a terminal's Ctrl-C reaches the
/// supervisor alone, which hands it on. When the supervisor dies the child gets SIGTERM.
class ChildProcess {
 public:
  /// Starts `command` (null-terminated). Call it before any thread exists: the signals it waits for
  /// stay blocked in all that come later. Throws std::runtime_error where fork fails.
  explicit ChildProcess(char* const* command);

  /// Waits for the child's end or a signal to this process, at most `timeout_ms`.
  Wake wait(int timeout_ms);

  /// Hands the signal that asked for the end on to the child.
  void pass_on() noexcept;

  /// SIGKILL; does not wait for the end.
  void kill_now() noexcept;

  /// Waits for its end; returns its exit code, or 128 + the signal that ended it.
  int await_end() noexcept;

 private:
  bool reap(int options) noexcept;

  sigset_t signals_{};
  pid_t pid_ = -1;
  int asked_ = 0;  ///< the signal
  bool ended_ = false;
  int exit_code_ = 0;
};

}  // namespace exoactor
