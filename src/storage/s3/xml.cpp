#include "storage/s3/xml.h"

#include <sstream>

#include <pugixml.hpp>

#include "storage/s3/credentials.h"
#include "storage/s3/url.h"

namespace quell::storage::s3 {

namespace {

// Whitespace in keys counts.
constexpr unsigned kParse = pugi::parse_default | pugi::parse_ws_pcdata_single;

int64_t MillisOf(const char* iso_time) {
  const auto time = ParseIsoTime(iso_time);
  if (!time) return 0;
  return std::chrono::duration_cast<std::chrono::milliseconds>(time->time_since_epoch()).count();
}

S3Error ErrorOf(const pugi::xml_node& node) {
  return {node.child_value("Code"), node.child_value("Message"), node.child_value("Key")};
}

std::string TextOf(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, "", pugi::format_raw | pugi::format_no_declaration);
  return text.str();
}

}  // namespace

std::optional<ListPage> ParseListPage(const std::string& xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), kParse)) return std::nullopt;
  const pugi::xml_node root = document.child("ListBucketResult");
  if (!root) return std::nullopt;
  const bool encoded = std::string_view(root.child_value("EncodingType")) == "url";
  ListPage page;
  for (const pugi::xml_node node : root.children("Contents")) {
    ListedObject object;
    object.key = encoded ? PercentDecode(node.child_value("Key")) : node.child_value("Key");
    object.size_bytes = node.child("Size").text().as_llong();
    object.modified_ms = MillisOf(node.child_value("LastModified"));
    object.etag = node.child_value("ETag");
    page.objects.push_back(std::move(object));
  }
  if (root.child("IsTruncated").text().as_bool()) page.next_token = root.child_value("NextContinuationToken");
  return page;
}

S3Error ParseError(const std::string& xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), kParse)) return {};
  return ErrorOf(document.child("Error"));
}

std::optional<std::string> ParseUploadId(const std::string& xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), kParse)) return std::nullopt;
  std::string id = document.child("InitiateMultipartUploadResult").child_value("UploadId");
  if (id.empty()) return std::nullopt;
  return id;
}

std::vector<S3Error> ParseDeleteErrors(const std::string& xml) {
  std::vector<S3Error> errors;
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), kParse)) return errors;
  for (const pugi::xml_node node : document.child("DeleteResult").children("Error")) errors.push_back(ErrorOf(node));
  return errors;
}

std::string CompleteMultipartXml(const std::vector<std::string>& etags_by_part) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  int number = 0;
  for (const std::string& etag : etags_by_part) {
    pugi::xml_node part = root.append_child("Part");
    part.append_child("PartNumber").text().set(++number);
    part.append_child("ETag").text().set(etag.c_str());
  }
  return TextOf(document);
}

std::string DeleteObjectsXml(const std::vector<std::string_view>& keys) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("Delete");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  root.append_child("Quiet").text().set("true");
  for (const std::string_view key : keys) {
    root.append_child("Object").append_child("Key").text().set(std::string(key).c_str());
  }
  return TextOf(document);
}

}  // namespace quell::storage::s3
