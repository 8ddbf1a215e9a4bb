#include "analyzer/scope.h"

#include <algorithm>
#include <cctype>

#include "analyzer/error_classes.h"
#include "base/error_classes.h"

namespace quell::analyzer {
namespace {

bool EndsWith(const NameParts& qualifier, const NameParts& parts, size_t count) {
  if (qualifier.size() < count) return false;
  const size_t offset = qualifier.size() - count;
  for (size_t i = 0; i < count; ++i) {
    if (!SameName(qualifier[offset + i], parts[i])) return false;
  }
  return true;
}

NameParts FullName(const ScopeColumn& column) {
  NameParts parts = column.qualifier;
  parts.push_back(column.column.name);
  return parts;
}

// The number of letters to insert, delete or replace to make one text of the other, without regard to case.
size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same =
          std::tolower(static_cast<unsigned char>(a[i - 1])) == std::tolower(static_cast<unsigned char>(b[j - 1]));
      const size_t replaced = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string Quoted(const NameParts& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += ".";
    text += "`" + part + "`";
  }
  return text;
}

Scope::Scope(const logical::OutputColumns& columns, const NameParts& qualifier) {
  for (const logical::OutputColumn& column : columns) columns_.push_back({qualifier, column});
}

std::vector<ScopeColumn> Scope::Under(const NameParts& target) const {
  std::vector<ScopeColumn> columns;
  for (const ScopeColumn& column : columns_) {
    if (EndsWith(column.qualifier, target, target.size())) columns.push_back(column);
  }
  return columns;
}

std::optional<FoundName> Scope::Find(const NameParts& parts, SourceLocation location) const {
  // With as many parts taken for the qualifier as match: t.a is the column a of t before it is the member a of a column
  // t.
  for (size_t count = std::min<size_t>(parts.size() - 1, 3) + 1; count-- > 0;) {
    std::vector<const ScopeColumn*> matches;
    for (const ScopeColumn& column : columns_) {
      if (!SameName(column.column.name, parts[count]) || !EndsWith(column.qualifier, parts, count)) continue;
      const bool is_known = std::any_of(matches.begin(), matches.end(),
                                        [&](const ScopeColumn* other) { return other->column.id == column.column.id; });
      if (!is_known) matches.push_back(&column);
    }
    if (matches.empty()) continue;
    if (matches.size() > 1) {
      std::string candidates;
      for (const ScopeColumn* match : matches)
        candidates += (candidates.empty() ? "" : ", ") + Quoted(FullName(*match));
      throw Error(kAmbiguousReference, location, "the name is ambiguous: {}; it could be {}", Quoted(parts),
                  candidates);
    }
    logical::OutputColumn column = matches[0]->column;
    column.name = parts[count];
    return FoundName{column.Ref(), count + 1};
  }
  return std::nullopt;
}

std::vector<NameParts> Scope::All() const {
  std::vector<NameParts> names;
  for (const ScopeColumn& column : columns_) names.push_back(FullName(column));
  return names;
}

std::optional<FoundName> Aliases::Find(const NameParts& parts, SourceLocation location) const {
  ExprPtr found;
  for (const auto& [name, expr] : aliases_) {
    if (!SameName(name, parts[0])) continue;
    if (found && !Equal(*found, *expr)) {
      throw Error(kAmbiguousReference, location, "the name is ambiguous: {}; two columns have it as alias",
                  Quoted(parts));
    }
    found = expr;
  }
  if (!found) return std::nullopt;
  return FoundName{found, 1};
}

std::vector<NameParts> Aliases::All() const {
  std::vector<NameParts> names;
  for (const auto& [name, expr] : aliases_) names.push_back({name});
  return names;
}

void ThrowUnresolvedColumn(const NameParts& parts, const std::vector<const Names*>& names, SourceLocation location) {
  std::vector<std::pair<size_t, std::string>> candidates;
  for (const Names* place : names) {
    for (const NameParts& name : place->All()) {
      const std::string text = parts.size() == 1 ? name.back() : Quoted(name);
      const size_t distance = EditDistance(parts.size() == 1 ? parts[0] : Quoted(parts), text);
      const std::pair<size_t, std::string> candidate(distance, parts.size() == 1 ? Quoted({text}) : text);
      if (std::find(candidates.begin(), candidates.end(), candidate) == candidates.end())
        candidates.push_back(candidate);
    }
  }
  if (candidates.empty()) {
    throw Error(error_class::kUnresolvedColumnNoSuggestion, location, "column not found: {}", Quoted(parts));
  }
  constexpr size_t kMaxProposals = 5;
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string proposals;
  for (size_t i = 0; i < std::min(candidates.size(), kMaxProposals); ++i) {
    proposals += (i == 0 ? "" : ", ") + candidates[i].second;
  }
  throw Error(error_class::kUnresolvedColumn, location, "column not found: {}; did you mean one of these: {}",
              Quoted(parts), proposals);
}

}  // namespace quell::analyzer
