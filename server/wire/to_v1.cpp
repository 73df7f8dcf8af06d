#include "wire/to_v1.hpp"

namespace switchboard {

v1::Channel to_v1(Channel channel) {
    switch (channel) {
        case Channel::chat:
            return v1::CHANNEL_CHAT;
        case Channel::call:
            return v1::CHANNEL_CALL;
        case Channel::video:
            return v1::CHANNEL_VIDEO;
        case Channel::messaging:
            return v1::CHANNEL_MESSAGING;
    }
    return v1::CHANNEL_UNSPECIFIED;
}

v1::PersonKind to_v1(PersonKind kind) {
    switch (kind) {
        case PersonKind::visitor:
            return v1::PERSON_KIND_VISITOR;
        case PersonKind::agent:
            return v1::PERSON_KIND_AGENT;
        case PersonKind::bot:
            return v1::PERSON_KIND_BOT;
        case PersonKind::manager:
            return v1::PERSON_KIND_MANAGER;
        case PersonKind::system:
            return v1::PERSON_KIND_SYSTEM;
        case PersonKind::site:
            return v1::PERSON_KIND_SITE;
    }
    return v1::PERSON_KIND_UNSPECIFIED;
}

v1::ConversationState to_v1(ConversationState state) {
    switch (state) {
        case ConversationState::closed:
            return v1::CONVERSATION_STATE_CLOSED;
        case ConversationState::queued:
            return v1::CONVERSATION_STATE_QUEUED;
        case ConversationState::active:
            return v1::CONVERSATION_STATE_ACTIVE;
        case ConversationState::inactive:
            return v1::CONVERSATION_STATE_INACTIVE;
    }
    return v1::CONVERSATION_STATE_UNSPECIFIED;
}

v1::Awaiting to_v1(Awaiting awaiting) {
    switch (awaiting) {
        case Awaiting::nobody:
            return v1::AWAITING_NOBODY;
        case Awaiting::agent:
            return v1::AWAITING_AGENT;
        case Awaiting::visitor:
            return v1::AWAITING_VISITOR;
    }
    return v1::AWAITING_UNSPECIFIED;
}

v1::Status to_v1(Status status) {
    switch (status) {
        case Status::available:
            return v1::STATUS_AVAILABLE;
        case Status::busy:
            return v1::STATUS_BUSY;
        case Status::unavailable:
            return v1::STATUS_UNAVAILABLE;
    }
    return v1::STATUS_UNSPECIFIED;
}

v1::Reason to_v1(Reason reason) {
    switch (reason) {
        case Reason::ready:
            return v1::REASON_READY;
        case Reason::at_capacity:
            return v1::REASON_AT_CAPACITY;
        case Reason::total_capacity:
            return v1::REASON_TOTAL_CAPACITY;
        case Reason::wrap_up:
            return v1::REASON_WRAP_UP;
        case Reason::not_enabled:
            return v1::REASON_NOT_ENABLED;
        case Reason::not_connected:
            return v1::REASON_NOT_CONNECTED;
        case Reason::away:
            return v1::REASON_AWAY;
        case Reason::chosen:
            return v1::REASON_CHOSEN;
        case Reason::set_by_manager:
            return v1::REASON_SET_BY_MANAGER;
        case Reason::missed_offer:
            return v1::REASON_MISSED_OFFER;
        case Reason::unresponsive:
            return v1::REASON_UNRESPONSIVE;
    }
    return v1::REASON_UNSPECIFIED;
}

v1::CloseReason to_v1(CloseReason reason, Visibility audience) {
    switch (reason) {
        case CloseReason::none:
            return v1::CLOSE_REASON_UNSPECIFIED;
        case CloseReason::visitor:
            return v1::CLOSE_REASON_VISITOR;
        case CloseReason::agent:
            return v1::CLOSE_REASON_AGENT;
        case CloseReason::manager:
            return v1::CLOSE_REASON_MANAGER;
        case CloseReason::abandoned:
            return v1::CLOSE_REASON_ABANDONED;
        case CloseReason::wait_limit:
            return v1::CLOSE_REASON_WAIT_LIMIT;
        case CloseReason::idle:
            return v1::CLOSE_REASON_IDLE;
        case CloseReason::blocked:
            return audience == Visibility::agents ? v1::CLOSE_REASON_BLOCKED
                                                  : v1::CLOSE_REASON_AGENT;
    }
    return v1::CLOSE_REASON_UNSPECIFIED;
}

v1::Availability to_v1(Availability availability) {
    switch (availability) {
        case Availability::no:
            return v1::AVAILABILITY_NO;
        case Availability::queue:
            return v1::AVAILABILITY_QUEUE;
        case Availability::yes:
            return v1::AVAILABILITY_YES;
    }
    return v1::AVAILABILITY_UNSPECIFIED;
}

}  // namespace switchboard
