#pragma once

#include <string_view>

namespace google::protobuf {
class Message;
}

namespace switchboard {

// Sets what the JSON object says, by protobuf's JSON mapping; the message must be empty before. The
// library's own parser takes eight times as long. Unknown names are ignored, at any depth. False
// when it is not JSON by RFC 8259 in UTF-8, is deeper than 16, or says something that the schema
// has no room for; the message is then anything. Kinds of field as in append_json().
bool parse_json(std::string_view json, google::protobuf::Message& message);

}  // namespace switchboard
