#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/command.hpp"
#include "switchboard/v1/frames.pb.h"

namespace switchboard {

// Fields of frames that clients send, judged one by one. False, or nothing: it is malformed. Any
// thread.

// UTF-8 without NUL, of at most so many bytes; it may be empty.
bool fits(const std::string& text, std::size_t bytes_max);
bool is_message_text(const std::string& text);  // 1..text_bytes_max

// An address that a person may be asked to open: http or https, a host without a user before it,
// printable ASCII without what could end it in a page or in a text, at most url_bytes_max.
bool is_link(std::string_view url);

bool parse_id(const std::string& text, PublicId& id);         // a UUID that is not nil
bool parse_id(const std::string& text, ClientMessageId& id);  // a UUIDv7
bool parse_seq(std::uint32_t number, Seq& seq);

std::optional<Channel> to_channel(v1::Channel channel);
std::optional<Intent> to_intent(v1::Intent intent);
std::optional<Time> to_time(const google::protobuf::Timestamp& time);

}  // namespace switchboard
