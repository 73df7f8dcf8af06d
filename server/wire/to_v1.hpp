#pragma once

#include "domain/conversation.hpp"
#include "domain/entry.hpp"
#include "domain/presence.hpp"
#include "switchboard/v1/conversation.pb.h"

namespace switchboard {

// The domain's enumerations as those of the schema.
v1::Channel to_v1(Channel channel);
v1::PersonKind to_v1(PersonKind kind);
v1::ConversationState to_v1(ConversationState state);
v1::Awaiting to_v1(Awaiting awaiting);
v1::Status to_v1(Status status);
v1::Reason to_v1(Reason reason);
v1::Availability to_v1(Availability availability);

// What the audience is told: to who is blocked, that is an ordinary end (B1).
v1::CloseReason to_v1(CloseReason reason, Visibility audience);

}  // namespace switchboard
