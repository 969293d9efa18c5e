#pragma once

#include <exoactor/hal/spsc_ring.hpp>
#include <exoactor/runtime/tick_record.hpp>

namespace exoactor {

/// Tick records from the loop's thread to one reader.
using RecordRing = SpscRing<TickRecord>;

}  // namespace exoactor
