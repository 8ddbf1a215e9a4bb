// quell._engine: the session as a Python class. The interface for people is python/quell/session.py.
//
// Nothing here outlives a session and its statements: no other threads, no signal handlers.
#include <arrow/c/bridge.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <cstdlib>

#include "base/arrow_result.h"
#include "base/error_classes.h"
#include "base/memory_pool.h"
#include "pipes/pipes.h"
#include "session/session.h"
#include "sql/script.h"
#include "statement.h"

namespace nb = nanobind;

namespace quell {
namespace {

void ReleaseStream(void* pointer) noexcept {
  auto* stream = static_cast<ArrowArrayStream*>(pointer);
  if (stream->release != nullptr) stream->release(stream);
  std::free(stream);
}

// The Arrow PyCapsule interface: a new stream over the same rows at each call.
nb::capsule ExportStream(const Result& result) {
  auto* stream = static_cast<ArrowArrayStream*>(std::calloc(1, sizeof(ArrowArrayStream)));
  Unwrap(arrow::ExportRecordBatchReader(result.rows.MakeReader(), stream), error_class::kInternalError,
         "export the result");
  return nb::capsule(stream, "arrow_array_stream", ReleaseStream);
}

// The statements of a script, each with the line that it begins at.
std::vector<std::pair<std::string, int>> SplitScript(const std::string& text,
                                                     const std::map<std::string, std::string>& variables) {
  std::vector<std::pair<std::string, int>> statements;
  for (sql::ScriptStatement& statement : sql::SplitStatements(sql::Substitute(text, variables))) {
    statements.emplace_back(std::move(statement.text), statement.start.line);
  }
  return statements;
}

// Python's QuellError, with the class and the SQLSTATE as attributes.
void RaiseInPython(const Error& error) {
  const nb::object type = nb::module_::import_("quell.errors").attr("QuellError");
  const nb::object exception = type(error.what(), error.error_class().name, error.error_class().sql_state);
  PyErr_SetObject(type.ptr(), exception.ptr());
}

void BindPipes(nb::module_& module) {
  nb::class_<pipes::Pipes>(module, "Pipes")
      .def(nb::init<const std::string&, const std::string&>(), nb::arg("context"), nb::arg("messages"))
      .def("report", [](pipes::Pipes& pipes, const Result& result) { pipes.Report(result.outcome, result.dbu_usd); })
      .def("report_error", &pipes::Pipes::ReportError, nb::arg("error_class"), nb::arg("message"))
      .def("close", &pipes::Pipes::Close);
}

}  // namespace

NB_MODULE(_engine, module) {
  UseForkSafePool();
  nb::register_exception_translator([](const std::exception_ptr& pointer, void*) {
    try {
      std::rethrow_exception(pointer);
    } catch (const Error& error) {
      RaiseInPython(error);
    }
  });
  nb::class_<Result>(module, "Result")
      .def(
          "__arrow_c_stream__", [](const Result& result, nb::object) { return ExportStream(result); },
          nb::arg("requested_schema") = nb::none())
      .def_prop_ro("report_json",
                   [](const Result& result) { return cost::ToJson({result.outcome.report}, result.dbu_usd); })
      .def_prop_ro("version", [](const Result& result) { return result.outcome.version; });
  nb::class_<Session>(module, "Session")
      .def(nb::init<std::map<std::string, std::string>>(), nb::arg("settings"))
      .def("get", [](Session& session, const std::string& name) { return session.config().Get(name); })
      .def("set", [](Session& session, const std::string& name, const std::string& value) {
        session.config().Set(name, value);
      });
  nb::class_<Statement>(module, "Statement")
      .def(nb::init<Session&, std::string>(), nb::arg("session"), nb::arg("sql"), nb::keep_alive<1, 2>())
      .def("fileno", &Statement::fileno)
      .def("cancel", &Statement::Cancel)
      .def("take_result", &Statement::TakeResult, nb::call_guard<nb::gil_scoped_release>());
  module.def("split_script", &SplitScript, nb::arg("text"), nb::arg("variables"));
  BindPipes(module);
}

}  // namespace quell
