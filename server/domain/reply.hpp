#pragma once

#include <string_view>
#include <variant>

#include "domain/errors.hpp"
#include "domain/publication.hpp"

namespace switchboard {

struct Refused {
    Refusal reason = Refusal::invalid;
    std::string_view field;      // of an invalid command; a literal
    PublicId open_conversation;  // already_open: which
    PersonView taken_by{};       // already_taken: who has it
};

// Answers a start and a send, a repeated one with what was answered first.
struct MessageStored {
    PublicId conversation;
    Pos pos = 0;
    Seq seq = 0;
    Time at;

    bool operator==(const MessageStored&) const = default;
};

struct ConversationClosed {
    PublicId conversation;
};

struct Done {};  // nothing more to say

// Answers a block: also one that was there before.
struct Blocked {
    PublicId block;
};

using Reply = std::variant<Done,
                           WelcomeView,
                           MessageStored,
                           ConversationClosed,
                           Blocked,
                           LiveView,
                           BlocksView,
                           SiteAvailability,
                           Refused>;

}  // namespace switchboard
