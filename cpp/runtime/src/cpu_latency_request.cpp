#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <exoactor/runtime/cpu_latency_request.hpp>

namespace exoactor {
namespace {

constexpr const char* kDevice = "/dev/cpu_dma_latency";
constexpr std::int32_t kLongestWake = 0;  // us

}  // namespace

CpuLatencyRequest::CpuLatencyRequest() noexcept : file_(::open(kDevice, O_WRONLY | O_CLOEXEC)) {
  const bool granted =
      file_ >= 0 && ::write(file_, &kLongestWake, sizeof kLongestWake) == sizeof kLongestWake;
  if (!granted) error_ = errno;
}

CpuLatencyRequest::~CpuLatencyRequest() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace exoactor
