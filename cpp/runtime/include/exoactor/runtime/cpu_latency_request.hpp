#pragma once

namespace exoactor {

/// Asks the kernel to let no processor sleep so deeply that waking it takes time, for as long as
/// this lives, or the process: Linux, PM QoS, /dev/cpu_dma_latency. Idle processors then take more
/// power.
class CpuLatencyRequest {
 public:
  CpuLatencyRequest() noexcept;
  ~CpuLatencyRequest();
  CpuLatencyRequest(const CpuLatencyRequest&) = delete;
  CpuLatencyRequest& operator=(const CpuLatencyRequest&) = delete;

  /// 0 where granted, or the errno of the refusal.
  int error() const noexcept { return error_; }

 private:
  int file_ = -1;  ///< the request stands while it is open
  int error_ = 0;
};

}  // namespace exoactor
