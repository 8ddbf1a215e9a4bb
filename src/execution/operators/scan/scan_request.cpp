#include "execution/operators/scan/scan_request.h"

namespace quell::execution {

catalog::ScanRequest RequestOf(const ScanNode& node) {
  catalog::ScanRequest request;
  request.columns = node.columns;
  for (const ExprPtr& filter : node.filters) {
    bool reads_member = false;
    ExprPtr over_table = quell::Transform(filter, [&](const ExprPtr& expr) -> ExprPtr {
      const auto* ref = expr->As<InputRef>();
      if (!ref) return expr;
      reads_member |= !node.members[ref->index()].empty();
      return std::make_shared<InputRef>(node.columns[ref->index()], ref->type(), ref->nullable());
    });
    if (!reads_member) request.filters.push_back(std::move(over_table));
  }
  return request;
}

storage::StorageContext CountedStorage(const Resources& resources, OperatorCounters& counters) {
  storage::StorageContext storage = resources.context.storage;
  storage.metrics = &counters.scan;
  return storage;
}

}  // namespace quell::execution
