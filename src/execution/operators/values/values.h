// Constant rows.
#pragma once

#include <atomic>
#include <memory>

#include "execution/physical/node.h"
#include "execution/pipeline.h"

namespace quell::execution {

// One thread puts out all rows, in order.
class ValuesState final : public SharedSource {
 public:
  ValuesState(std::shared_ptr<const ValuesNode> node, int64_t batch_rows)
      : node_(std::move(node)), batch_rows_(batch_rows) {}
  int max_threads() const override { return 1; }
  std::unique_ptr<Source> MakeSource() override;

 private:
  const std::shared_ptr<const ValuesNode> node_;
  const int64_t batch_rows_;
};

}  // namespace quell::execution
