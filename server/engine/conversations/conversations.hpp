#pragma once

#include <boost/heap/d_ary_heap.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "domain/facts.hpp"
#include "domain/tenant_state.hpp"
#include "engine/conversations/talk_alarms.hpp"
#include "engine/people/staff.hpp"

namespace switchboard {

// An open conversation in memory.
struct OpenTalk {
    OpenConversation open;
    ClaimId claim{};       // of its agent's slot; 0 when it holds none
    TalkAlarms alarms{};   // see Conversations
    Desk* desk = nullptr;  // its agent's: every turn asks for it several times

    // Whose it is, active or inactive; 0 while it is queued.
    AgentId agent() const { return open.conversation.agent; }
    void give_to(Desk* taker) {  // null: nobody
        desk = taker;
        open.conversation.agent = taker == nullptr ? AgentId{} : taker->agent.id;
    }

    ConversationAccess access(TenantId tenant) const {
        return {tenant, open.conversation.visitor, agent(), false};
    }
};

// The open conversations of the tenant, and what is due of each by the clock alone. The alarms are
// memory only: whoever rebuilds sets them anew from what is stored.
class Conversations {
public:
    OpenTalk& add(OpenTalk talk);
    void remove(ConversationId id);  // and its alarms

    // Nothing: not open.
    OpenTalk* find(ConversationId id);
    const OpenTalk* find(ConversationId id) const;
    OpenTalk* find(const PublicId& public_id);
    const OpenTalk* find(const PublicId& public_id) const;

    using Table = boost::unordered_flat_map<ConversationId, std::unique_ptr<OpenTalk>, IdHash>;
    const Table& all() const { return talks_; }  // in any order
    std::vector<OpenTalk*> in_order() const;     // ascending by id

    // An alarm of a conversation: one that is set replaces an earlier one of its kind.
    void set_alarm(OpenTalk& talk, AlarmKind kind, Time at);  // never at Time::max()
    void cancel_alarm(OpenTalk& talk, AlarmKind kind);

    // All of one kind that are not due before `from` are due that much later.
    void postpone_alarms(AlarmKind kind, std::chrono::microseconds by, Time from = Time::min());
    void forget_alarms();

    // As if all were of the first kind that conversations have.
    std::optional<DueAlarm> next_alarm() const;

    // The first that is due, which is removed; nothing when none is. At the same time that of the
    // lowest id comes first, all of one conversation together.
    std::optional<AlarmKey> take_due(Time now);

    // Places in the order, with what was cancelled or moved and is not yet let go: at most twice
    // the conversations, and 64.
    std::size_t alarms_held() const { return order_.size(); }

private:
    using Place = std::pair<Time, ConversationId>;
    void put_in(OpenTalk& talk);
    void changed(const Place& stood);
    void settle_front();
    void put_in_order();

    Table talks_;
    boost::unordered_flat_map<PublicId, OpenTalk*, IdHash> by_public_id_;
    // The alarms: a heap, the earliest first, a conversation standing where the first of its own
    // is due. One that is moved to later leaves it where it stands, and one that is cancelled stays
    // until it comes to the front: what stands there is true. So a message, which moves the
    // silence of its conversation, seldom touches the heap.
    boost::heap::d_ary_heap<Place, boost::heap::arity<8>, boost::heap::compare<std::greater<>>>
        order_;
};

}  // namespace switchboard
