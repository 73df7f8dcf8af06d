#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace switchboard {

// Appends the message as one JSON object without white space, by protobuf's JSON mapping; times are
// RFC 3339 in UTC. The library's own printer takes six times as long. Throws std::logic_error for a
// kind of field that the schema did not have when this was written; a test looks for one.
void append_json(std::string& json, const google::protobuf::Message& message);

}  // namespace switchboard
