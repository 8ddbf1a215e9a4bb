// Runs a recorded session of Spark SQL (../shared/conformance/spark-sql; its README.md has the format) and scores each
// statement.
#pragma once

#include <string>

namespace quell::sqltest {

// Runs the statements of the file in one session and prints a line of JSON for each as soon as it is scored:
// {"line": 3, "passed": false, "reason": "..."}. Statements that need absent tables are left out.
void RunRecordedSession(const std::string& path);

}  // namespace quell::sqltest
