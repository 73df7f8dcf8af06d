#pragma once

#include "domain/publication.hpp"
#include "switchboard/v1/frames.pb.h"
#include "wire/encode.hpp"

namespace switchboard {

// The domain's views as messages of the schema, for one audience. Ids that are none become empty,
// times that are not known are left out.

// These set or clear every field, so that a message can be filled again without building it anew.
void fill(v1::Entry& to, const EntryView& from, const Look& look);
void fill(v1::ConversationSummary& to, const SummaryView& from, const Look& look);
void fill(v1::Presence& to, const PresenceView& from);
void fill(v1::Pointer& to, const PointerView& from);
void fill(v1::TypingShown& to, const TypingView& from, const Look& look);
void fill(v1::QueuePlace& to, const QueuePlaceView& from);
void fill(v1::ChannelAvailability& to, const AvailabilityView& from);
void fill(v1::Person& to, const PersonView& from);
void fill(v1::MessageStored& to, const MessageStored& from);

// These fill a message that is empty.
void fill(v1::Welcome& to, const Welcome& from, const Look& look);
void fill(v1::Heartbeat& to, const Heartbeat& from);
void fill(v1::AgentLine& to, const LiveView::AgentLine& from);
void fill(v1::Block& to, const Block& from);

// Whether this audience may see it at all.
bool is_visible(const EntryView& view, const Look& look);

}  // namespace switchboard
