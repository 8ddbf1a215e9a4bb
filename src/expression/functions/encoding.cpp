// Bytes as text and back: encode, decode, to_binary, base64, unbase64; crc32, md5, sha1, sha2, hash, xxhash64.
#include <arrow/util/base64.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <zlib.h>

#include <array>
#include <cctype>
#include <optional>

#include "data/schema.h"
#include "expression/functions/binding.h"
#include "expression/functions/digest.h"
#include "expression/functions/functions.h"
#include "expression/hashing.h"

namespace quell {

namespace {

const Type kBinary(TypeId::kBinary);
const Type kInt(TypeId::kInt);
const Type kLong(TypeId::kLong);
const Type kString(TypeId::kString);

constexpr ErrorClass kCharset{"INVALID_PARAMETER_VALUE.CHARSET", "22023"};
constexpr ErrorClass kMalformedCharacter{"MALFORMED_CHARACTER_CODING", "22000"};
constexpr ErrorClass kConversion{"CONVERSION_INVALID_INPUT", "22018"};

// The converter of a character set that Spark allows.
class Charset {
 public:
  Charset(std::string_view name, std::string_view function) {
    static constexpr std::string_view kAllowed[] = {"UTF-8",    "US-ASCII", "ISO-8859-1", "UTF-16BE",
                                                    "UTF-16LE", "UTF-16",   "UTF-32"};
    for (const std::string_view allowed : kAllowed) {
      if (SameName(allowed, name)) name_ = allowed;
    }
    if (name_.empty()) throw Error(kCharset, "'{}' is no character set of {}", name, function);
    UErrorCode status = U_ZERO_ERROR;
    converter_ = ucnv_open(name_.c_str(), &status);
    if (U_FAILURE(status)) throw Error(kCharset, "'{}' is no character set of {}", name, function);
    ucnv_setFromUCallBack(converter_, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    ucnv_setToUCallBack(converter_, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  }
  ~Charset() { ucnv_close(converter_); }
  Charset(const Charset&) = delete;
  Charset& operator=(const Charset&) = delete;

  std::string Encode(std::string_view text) const {
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString wide =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
    std::string bytes(static_cast<size_t>(wide.length()) * 4 + 8, '\0');
    const int32_t size = ucnv_fromUChars(converter_, bytes.data(), static_cast<int32_t>(bytes.size()), wide.getBuffer(),
                                         wide.length(), &status);
    if (U_FAILURE(status)) throw Error(kMalformedCharacter, "a character of '{}' is not in {}", text, name_);
    bytes.resize(static_cast<size_t>(size));
    // Java writes UTF-16 with the higher byte first, whatever the machine.
    if (name_ == "UTF-16" && bytes.starts_with("\xFF\xFE")) {
      for (size_t i = 0; i + 1 < bytes.size(); i += 2) std::swap(bytes[i], bytes[i + 1]);
    }
    if (name_ == "UTF-32" && bytes.size() >= 4) return SwappedUtf32(bytes);
    return bytes;
  }

  std::string Decode(std::string_view bytes) const {
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString wide(bytes.data(), static_cast<int32_t>(bytes.size()), converter_, status);
    if (U_FAILURE(status)) throw Error(kMalformedCharacter, "the bytes are not {}", name_);
    std::string text;
    wide.toUTF8String(text);
    return text;
  }

 private:
  // Java's UTF-32 has the highest byte first and no mark.
  static std::string SwappedUtf32(const std::string& bytes) {
    const bool marked = bytes.compare(0, 4, std::string("\xFF\xFE\0\0", 4)) == 0;
    std::string result;
    for (size_t i = marked ? 4 : 0; i + 3 < bytes.size(); i += 4) {
      result += {bytes[i + 3], bytes[i + 2], bytes[i + 1], bytes[i]};
    }
    return marked ? result : bytes;
  }

  std::string name_;
  UConverter* converter_ = nullptr;
};

KernelPtr EncodeKernel() {
  return MakeKernel<std::string_view, std::string_view, std::string_view>(
      [](std::string_view text, std::string_view charset, StringWriter& out) {
        out.AppendPart(Charset(charset, "encode").Encode(text));
      });
}

KernelPtr DecodeKernel() {
  return MakeKernel<std::string_view, std::string_view, std::string_view>(
      [](std::string_view bytes, std::string_view charset, StringWriter& out) {
        out.AppendPart(Charset(charset, "decode").Decode(bytes));
      });
}

// decode(bytes, charset); with more arguments it is CASE: decode(value, search, result, ..., [default]).
ExprPtr BindDecode(const FunctionCall& call) {
  static const KernelPtr kKernel = DecodeKernel();
  CheckArity(call, 2, kAnyNumber);
  if (call.arguments.size() == 2)
    return MakeCall(call, kString, {Argument(call, 0, kBinary), Argument(call, 1, kString)}, kKernel);
  ExprList branches;
  for (size_t i = 1; i < call.arguments.size(); ++i) {
    const bool is_search = i % 2 == 1 && i + 1 < call.arguments.size();
    branches.push_back(is_search ? Rebind(call, "<=>", {call.arguments[0], call.arguments[i]}) : call.arguments[i]);
  }
  return Rebind(call, "case_when", std::move(branches));
}

// Whether the text is base64 of whole groups; spaces and line ends do not count.
std::optional<std::string> Unbase64(std::string_view text, bool strict) {
  std::string compact;
  for (const char c : text) {
    if (c != ' ' && c != '\r' && c != '\n' && c != '\t') compact += c;
  }
  size_t padding = 0;
  while (!compact.empty() && compact.back() == '=') {
    compact.pop_back();
    ++padding;
  }
  for (const char c : compact) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '+' && c != '/') return std::nullopt;
  }
  const size_t rest = compact.size() % 4;
  if (rest == 1 || padding > 2 || (strict && padding > 0 && (rest + padding) % 4 != 0)) return std::nullopt;
  if (rest > 0) compact.append(4 - rest, '=');
  auto bytes = arrow::util::base64_decode(compact);
  if (!bytes.ok()) return std::nullopt;
  return std::move(bytes).ValueUnsafe();
}

std::optional<std::string> FromHex(std::string_view text) {
  std::string bytes;
  const std::string padded = text.size() % 2 == 1 ? "0" + std::string(text) : std::string(text);
  for (size_t i = 0; i < padded.size(); i += 2) {
    int value = 0;
    for (const char c : {padded[i], padded[i + 1]}) {
      if (!std::isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
      value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    bytes += static_cast<char>(value);
  }
  return bytes;
}

FunctionBinder BindToBinary(bool is_try) {
  return [is_try](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, 2);
    std::string format = "hex";
    if (call.arguments.size() == 2) {
      const std::optional<Value> value = ConstantArgument(call, 1);
      if (value && value->is_null()) return std::make_shared<Literal>(kBinary, Value{});
      const auto* text = value ? std::get_if<std::string>(&value->data) : nullptr;
      if (!text) {
        throw Error(ErrorClass{"DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", "42K09"}, call.location,
                    "the format of {} must be a constant string", call.name);
      }
      format.clear();
      for (const char c : *text) format += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    const bool known = format == "hex" || format == "utf-8" || format == "utf8" || format == "base64";
    if (!known) {
      if (is_try) return std::make_shared<Literal>(kBinary, Value{});
      throw Error(ErrorClass{"DATATYPE_MISMATCH.INVALID_ARG_VALUE", "42K09"}, call.location,
                  "the format of {} must be hex, utf-8 or base64, not '{}'", call.name, format);
    }
    KernelPtr kernel = MakeKernel<std::string_view, std::string_view>(
        [=](std::string_view text, StringWriter& out) {
          std::optional<std::string> bytes(text);
          if (format == "hex") bytes = FromHex(text);
          if (format == "base64") bytes = Unbase64(text, true);
          if (bytes) out.AppendPart(*bytes);
          if (!bytes && !is_try) throw Error(kConversion, "the text '{}' is not {}", text, format);
          return bytes.has_value();
        },
        format);
    return MakeCall(call, kBinary, {Argument(call, 0, kString)}, std::move(kernel), is_try);
  };
}

template <typename Hash, void (*kUpdate)(const Column&, const Rows&, Hash*)>
FunctionBinder BindHash(const Type& type) {
  ScalarKernel kernel;
  kernel.null_propagating = false;
  kernel.compute = [](std::span<const Column> arguments, const Rows& rows, const Type& result) {
    constexpr Hash kSeed = 42;
    BufferPtr buffer = AllocateBytes(rows.num_rows * static_cast<int64_t>(sizeof(Hash)));
    auto* hashes = reinterpret_cast<Hash*>(buffer->mutable_data());
    std::fill(hashes, hashes + rows.num_rows, kSeed);
    for (const Column& argument : arguments) kUpdate(argument, rows, hashes);
    return MakeFlat(result, rows.num_rows, std::move(buffer));
  };
  const auto shared = std::make_shared<const ScalarKernel>(std::move(kernel));
  return [=](const FunctionCall& call) -> ExprPtr {
    CheckArity(call, 1, kAnyNumber);
    return std::make_shared<Call>(std::string(call.name), shared, type, false, call.arguments);
  };
}

ExprPtr BindSha2(const FunctionCall& call) {
  static const KernelPtr kKernel = MakeKernel<std::string_view, std::string_view, int32_t>(
      [](std::string_view bytes, int32_t bits, StringWriter& out) {
        const std::string digest = Sha2Hex(bytes, bits == 0 ? 256 : bits);
        out.AppendPart(digest);
        return !digest.empty();
      });
  CheckArity(call, 2, 2);
  return MakeCall(call, kString, {Argument(call, 0, kBinary), Argument(call, 1, kInt)}, kKernel, true);
}

FunctionBinder BindDigest(std::string (*digest)(std::string_view)) {
  return Simple({kBinary}, kString,
                MakeKernel<std::string_view, std::string_view>(
                    [digest](std::string_view bytes, StringWriter& out) { out.AppendPart(digest(bytes)); }));
}

}  // namespace

void RegisterEncoding(FunctionRegistry& registry) {
  registry.Add("encode", Simple({kString, kString}, kBinary, EncodeKernel()));
  registry.Add("decode", BindDecode);
  registry.Add("to_binary", BindToBinary(false));
  registry.Add("try_to_binary", BindToBinary(true));
  registry.Add("base64",
               Simple({kBinary}, kString,
                      MakeKernel<std::string_view, std::string_view>([](std::string_view bytes, StringWriter& out) {
                        out.AppendPart(arrow::util::base64_encode(bytes));
                      })));
  registry.Add("unbase64",
               Simple({kString}, kBinary,
                      MakeKernel<std::string_view, std::string_view>([](std::string_view text, StringWriter& out) {
                        const auto bytes = Unbase64(text, false);
                        if (!bytes) throw Error(kConversion, "the text '{}' is not base64", text);
                        out.AppendPart(*bytes);
                      })));
  registry.Add("crc32", Simple({kBinary}, kLong, MakeSafeKernel<int64_t, std::string_view>([](std::string_view bytes) {
                                 return static_cast<int64_t>(
                                     crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
                               })));
  registry.Add("md5", BindDigest(Md5Hex));
  for (const char* name : {"sha", "sha1"}) registry.Add(name, BindDigest(Sha1Hex));
  registry.Add("sha2", BindSha2);
  registry.Add("xxhash64", BindHash<uint64_t, UpdateXxHash64>(kLong));
  registry.Add("hash", BindHash<uint32_t, UpdateMurmur3>(kInt));
}

}  // namespace quell
