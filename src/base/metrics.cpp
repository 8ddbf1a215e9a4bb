#include "base/metrics.h"

#include <iterator>

namespace quell {

void AddTo(const Metrics& part, Metrics* total) {
  static constexpr Counter Metrics::* kCounters[] = {
      &Metrics::rows_read,
      &Metrics::rows_returned,
      &Metrics::rows_written,
      &Metrics::bytes_read,
      &Metrics::bytes_decompressed,
      &Metrics::bytes_written,
      &Metrics::bytes_spilled,
      &Metrics::files_read,
      &Metrics::files_pruned,
      &Metrics::row_groups_read,
      &Metrics::row_groups_pruned,
      &Metrics::pages_pruned,
      &Metrics::s3_get,
      &Metrics::s3_head,
      &Metrics::s3_put,
      &Metrics::s3_list,
      &Metrics::s3_delete,
  };
  static_assert(sizeof(Metrics) == std::size(kCounters) * sizeof(Counter), "a counter is missing");
  for (const auto counter : kCounters) (total->*counter).Add((part.*counter).value());
}

}  // namespace quell
