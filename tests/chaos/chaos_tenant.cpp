#include "chaos/chaos_tenant.hpp"

#include <algorithm>
#include <stdexcept>

#include "domain/text.hpp"

namespace switchboard {
namespace {

constexpr Time start_of_time{std::chrono::seconds(1'700'000'000)};

template <class Bits>
Bits numbered(std::uint8_t kind, std::int64_t high, std::int64_t low) {
    Bits bits;
    bits.bytes[0] = kind;
    for (std::size_t i = 0; i < 6; ++i)
        bits.bytes[7 - i] = static_cast<std::uint8_t>(high >> (8 * i));
    for (std::size_t i = 0; i < 8; ++i)
        bits.bytes[15 - i] = static_cast<std::uint8_t>(low >> (8 * i));
    return bits;
}

ClientMessageId next_id(std::int64_t& message) {
    return numbered<ClientMessageId>(1, 0, ++message);
}

template <class T>
std::optional<T> optional(const pqxx::field& field) {
    if (field.is_null()) return std::nullopt;
    return field.as<T>();
}

}  // namespace

bool ChaosTenant::rebuild(pqxx::connection& connection, std::int64_t epoch, Pos log_pos) {
    epoch_ = epoch;
    pos_ = log_pos;
    talks_.clear();
    rooms_.clear();
    pqxx::transaction<pqxx::repeatable_read> session(connection);
    const auto owner = session.exec_params1(
        "SELECT epoch, log_pos, (SELECT coalesce(max(pos), 0) FROM entry WHERE tenant_id = $1)"
        " FROM tenant_owner WHERE tenant_id = $1",
        id_.value);
    if (owner[0].as<std::int64_t>() != epoch) return false;
    if (owner[1].as<Pos>() != log_pos) throw std::logic_error("somebody wrote in our epoch");
    if (owner[2].as<Pos>() > log_pos) throw std::logic_error("an entry behind the log's end");
    const auto rooms = session.exec_params(
        "SELECT a.agent_id, a.active, a.slots_max, coalesce(t.slots_max, 0)"
        "  FROM agent_channel a LEFT JOIN agent_channel t"
        "    ON t.tenant_id = a.tenant_id AND t.agent_id = a.agent_id AND t.channel = 0"
        " WHERE a.tenant_id = $1 AND a.channel = 1 ORDER BY a.agent_id",
        id_.value);
    for (const auto& row : rooms) {
        rooms_.push_back({AgentId{row[0].as<std::int64_t>()},
                          row[1].as<int>(),
                          row[2].as<int>(),
                          row[3].as<int>()});
    }
    read_talks(session);
    read_claims(session);
    return true;
}

void ChaosTenant::read_talks(pqxx::transaction_base& transaction) {
    const auto rows = transaction.exec_params(
        "SELECT c.conversation_id, public_id, visitor_id, ticket, last.seq, own.client_message_id"
        " FROM conversation c"
        "  CROSS JOIN LATERAL (SELECT coalesce(max(seq), 0) AS seq FROM entry e"
        "     WHERE e.tenant_id = c.tenant_id AND e.conversation_id = c.conversation_id) last"
        "  LEFT JOIN entry own ON own.tenant_id = $1 AND own.seq = last.seq"
        "   AND own.conversation_id = c.conversation_id"
        " WHERE c.tenant_id = $1 AND c.state <> 0",
        id_.value);
    for (const auto& row : rows) {
        Talk talk;
        talk.conversation.id = ConversationId{row[0].as<std::int64_t>()};
        talk.conversation.public_id.bytes = parse_uuid(row[1].c_str()).value();
        talk.conversation.visitor = VisitorId{row[2].as<std::int64_t>()};
        talk.conversation.site = SiteId{1};
        talk.conversation.ticket = row[3].as<Pos>();
        talk.conversation.opened_at = start_of_time;
        talk.last_seq = row[4].as<Seq>();
        if (!row[5].is_null()) talk.last_id = ClientMessageId{parse_uuid(row[5].c_str()).value()};
        talks_.push_back(std::move(talk));
    }
}

void ChaosTenant::read_claims(pqxx::transaction_base& transaction) {
    const auto rows = transaction.exec_params(
        "SELECT claim_id, agent_id, conversation_id, active_pos FROM claim"
        " WHERE tenant_id = $1 AND to_pos IS NULL",
        id_.value);
    for (const auto& row : rows) {
        ClaimRecord claim;
        claim.id = ClaimId{row[0].as<std::int64_t>()};
        claim.agent = AgentId{row[1].as<std::int64_t>()};
        claim.conversation = ConversationId{row[2].as<std::int64_t>()};
        claim.active_pos = optional<Pos>(row[3]);
        const auto same = [&](const Talk& talk) {
            return talk.conversation.id == claim.conversation;
        };
        const auto talk = std::ranges::find_if(talks_, same);
        if (talk == talks_.end()) throw std::logic_error("a claim without a conversation");
        talk->claim = claim;
    }
}

Batch ChaosTenant::next(Random& random, Aim& aim, std::int64_t& message) {
    Batch batch;
    batch.tenant = id_;
    batch.fence = {epoch_, pos_};
    records_.clear();
    for (int steps = 1 + below(random, 4); steps > 0; --steps)
        good_step(random, message);
    if (aim != Aim::good && !spoil(aim, random, message)) aim = Aim::good;
    batch.positions = static_cast<int>(pos_ - batch.fence.pos);
    batch.records = std::move(records_);
    return batch;
}

bool ChaosTenant::spoil(Aim aim, Random& random, std::int64_t& message) {
    if (talks_.empty()) return false;
    Talk& talk = talks_[static_cast<std::size_t>(below(random, static_cast<int>(talks_.size())))];
    Room* room = any_room(random, aim == Aim::over_limit);
    switch (aim) {
        case Aim::good:
            return true;
        case Aim::duplicate:
            if (!talk.last_id) return false;
            say(talk, *talk.last_id, "the same id again");
            return true;
        case Aim::poison:
            say(talk, next_id(message), chaos_poison);
            return true;
        case Aim::over_limit:
            // A limit that the batch itself lowers still holds within it.
            if (room == nullptr || talk.claim || sets_limits()) return false;
            assign(talk, *room);
            return true;
        case Aim::second_agent:
            if (room == nullptr || !talk.claim) return false;
            assign(talk, *room);
            return true;
    }
    return false;
}

void ChaosTenant::good_step(Random& random, std::int64_t& message) {
    if (talks_.size() < 3 || (talks_.size() < 12 && below(random, 6) == 0)) return start(message);
    const auto chosen = static_cast<std::size_t>(below(random, static_cast<int>(talks_.size())));
    Talk& talk = talks_[chosen];
    Room* room = any_room(random, false);
    switch (below(random, 12)) {
        case 0:
        case 1:
            if (!talk.claim && room != nullptr) return assign(talk, *room);
            break;
        case 2:
            if (talk.claim) return release(talk);
            break;
        case 3:
            if (talk.claim && room != nullptr) {  // a message, then a transfer
                say(talk, next_id(message), "please");
                release(talk);
                return assign(talk, *room);
            }
            break;
        case 4:
            if (below(random, 2) == 0) return close(chosen);
            break;
        case 5:
            point(talk);
            break;
        case 6:
            if (id_.value % 2 == 1 && room != nullptr)
                return set_limits(*room, 1 + below(random, chaos_slots_max));
            break;
        case 7:
            if (id_.value % 2 == 1 && room != nullptr)
                return set_total(*room, below(random, 2) * chaos_total_max);
            break;
        case 8:
            if (room != nullptr) return change_presence(*room);
            break;
        default:
            break;
    }
    say(talk, next_id(message), std::string(static_cast<std::size_t>(below(random, 200)), 'x'));
}

void ChaosTenant::start(std::int64_t& message) {
    VisitorRecord visitor;
    visitor.id = VisitorId{++pos_};
    visitor.public_id = numbered<PublicId>(2, epoch_, pos_);
    visitor.name = "Vera";
    visitor.created_at = start_of_time;
    records_.emplace_back(visitor);

    Talk talk;
    talk.conversation.id = ConversationId{++pos_};
    talk.conversation.public_id = numbered<PublicId>(3, epoch_, pos_);
    talk.conversation.visitor = visitor.id;
    talk.conversation.site = SiteId{1};
    talk.conversation.ticket = pos_;
    talk.conversation.opened_at = start_of_time;
    records_.emplace_back(ConversationRecord{pos_, talk.conversation});
    say(talk, next_id(message), "hello");
    talks_.push_back(std::move(talk));
}

void ChaosTenant::say(Talk& talk, const ClientMessageId& id, const std::string& body) {
    Entry entry;
    entry.conversation = talk.conversation.id;
    entry.pos = ++pos_;
    entry.seq = ++talk.last_seq;
    entry.author = person(talk.conversation.visitor);
    entry.at = start_of_time + std::chrono::microseconds(pos_);
    entry.client_message_id = id;
    entry.body = body;
    records_.emplace_back(std::move(entry));
    talk.last_id = id;
}

void ChaosTenant::assign(Talk& talk, Room& room) {
    ClaimRecord claim;
    claim.pos = ++pos_;
    claim.id = ClaimId{pos_};
    claim.agent = room.agent;
    claim.conversation = talk.conversation.id;
    claim.admission = Admission::new_work;
    claim.active_pos = pos_;
    records_.emplace_back(claim);
    talk.claim = claim;
    ++room.active;
}

void ChaosTenant::release(Talk& talk) {
    ClaimRecord claim = *talk.claim;
    claim.pos = ++pos_;
    claim.to_pos = pos_;
    claim.admission = Admission::opened_earlier;
    records_.emplace_back(claim);
    --std::ranges::find(rooms_, claim.agent, &Room::agent)->active;
    talk.claim.reset();
}

void ChaosTenant::close(std::size_t chosen) {
    Talk& talk = talks_[chosen];
    if (talk.claim) release(talk);
    talk.conversation.state = ConversationState::closed;
    talk.conversation.closed_at = start_of_time;
    talk.conversation.closed_by = person(talk.conversation.visitor);
    records_.emplace_back(ConversationRecord{++pos_, talk.conversation});
    talks_.erase(talks_.begin() + static_cast<std::ptrdiff_t>(chosen));
}

void ChaosTenant::set_limits(Room& room, int slots_max) {
    LimitRecord limits;
    limits.pos = ++pos_;
    limits.agent = room.agent;
    limits.slots_max = slots_max;
    limits.slots_hard_max = slots_max;
    records_.emplace_back(limits);
    room.slots_max = slots_max;
}

void ChaosTenant::set_total(Room& room, int total_max) {
    records_.emplace_back(TotalLimitRecord{++pos_, room.agent, total_max});
    room.total_max = total_max;
}

void ChaosTenant::change_presence(const Room& room) {
    PresenceRecord change;
    change.pos = ++pos_;
    change.agent = room.agent;
    change.colour = {Status::busy, Reason::at_capacity, false};
    change.at = start_of_time + std::chrono::microseconds(pos_);
    records_.emplace_back(std::move(change));
}

void ChaosTenant::point(const Talk& talk) {
    const Person visitor = person(talk.conversation.visitor);
    records_.emplace_back(
        PointerRecord{{talk.conversation.id, visitor, talk.last_seq, talk.last_seq}});
}

bool ChaosTenant::sets_limits() const {
    return std::ranges::any_of(records_, [](const Record& record) {
        return std::holds_alternative<LimitRecord>(record) ||
               std::holds_alternative<TotalLimitRecord>(record);
    });
}

ChaosTenant::Room* ChaosTenant::any_room(Random& random, bool full) {
    const int first = below(random, static_cast<int>(rooms_.size()));
    for (int i = 0; i < static_cast<int>(rooms_.size()); ++i) {
        Room& room = rooms_[static_cast<std::size_t>(first + i) % rooms_.size()];
        if ((room.left() <= 0) == full) return &room;
    }
    return nullptr;
}

}  // namespace switchboard
