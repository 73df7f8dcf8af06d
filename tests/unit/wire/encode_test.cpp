#include "wire/encode.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <set>
#include <thread>

#include "support/wire_samples.hpp"
#include "switchboard/v1/frames.pb.h"

namespace switchboard {
namespace {

using testing::HasSubstr;
using testing::Not;

KindSet all_kinds() {
    KindSet kinds;
    kinds.add(EntryKind::note);
    kinds.add(EntryKind::system);
    kinds.add(EntryKind::link);
    kinds.add(EntryKind::block);
    return kinds;
}

Look look_of(Encoding encoding, Visibility audience) { return {encoding, audience, all_kinds()}; }
const Look visitor = look_of(Encoding::binary, Visibility::all);
const Look agent = look_of(Encoding::binary, Visibility::agents);

std::string message_of(Encoding encoding, const std::vector<Frame>& frames) {
    std::vector<std::string_view> pieces;
    pieces_of_message(encoding, frames, pieces);
    std::string message;
    for (const auto piece : pieces)
        message += piece;
    return message;
}

v1::ServerFrames read(Encoding encoding, const std::vector<Frame>& frames) {
    const auto bytes = message_of(encoding, frames);
    v1::ServerFrames read;
    if (encoding == Encoding::binary) {
        EXPECT_TRUE(read.ParseFromString(bytes));
    } else {
        EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(bytes, &read).ok()) << bytes;
    }
    EXPECT_EQ(static_cast<std::size_t>(read.frames_size()), frames.size());
    return read;
}

v1::ServerFrame read_one(const Frame& frame) { return read(Encoding::binary, {frame}).frames(0); }

v1::Entry read_entry(const EntryView& view, const Look& look) {
    return read_one(encode_publication(publication(view), look)).event().entry();
}

Welcome sample_welcome() {
    Welcome welcome;
    welcome.session = sample_conversation;
    welcome.token = "token";
    welcome.server_now = sample_time;
    welcome.view = {"l1",
                    agent_view(),
                    {summary_view()},
                    {presence_view()},
                    {pointer_view()},
                    {place_view()},
                    {availability_view()},
                    true};
    return welcome;
}

Refused refused(Refusal reason, std::string_view field = {}) {
    Refused made;
    made.reason = reason;
    made.field = field;
    return made;
}

// Every frame that the server can send.
std::vector<Frame> every_frame(Encoding encoding) {
    const Look look = look_of(encoding, Visibility::agents);
    const Look plain{encoding, Visibility::agents, {}};
    const std::vector<EntryView> page{text_view(), note_view(), system_view()};
    auto already_open = refused(Refusal::already_open);
    already_open.open_conversation = sample_conversation;
    auto already_taken = refused(Refusal::already_taken);
    already_taken.taken_by = agent_view();
    return {encode_welcome(1, sample_welcome(), look),
            encode_stored(2, {sample_conversation, 105, 5, sample_time}, encoding),
            encode_closed(3, {sample_conversation}, encoding),
            encode_refused(4, already_open, std::chrono::milliseconds(5), encoding),
            encode_refused(4, already_taken, std::chrono::milliseconds(0), encoding),
            encode_done(6, encoding),
            encode_blocked(7, {sample_conversation}, encoding),
            encode_live(8, live_view(), look).front(),
            encode_blocks(9, {{block_of()}}, encoding).front(),
            encode_page(5, page, false, look),
            encode_publication(publication(text_view()), look),
            encode_publication(publication(note_view()), look),
            encode_publication(publication(system_view()), look),
            encode_publication(publication(system_view()), plain),
            encode_publication(publication(link_view()), look),
            encode_publication(publication(block_view()), look),
            encode_publication(publication(place_view()), look),
            encode_publication(publication(availability_view()), look),
            encode_publication(publication(summary_view()), look),
            encode_publication(publication(presence_view()), look),
            encode_publication(publication(pointer_view()), look),
            encode_publication(publication(typing_view()), look),
            encode_heartbeat({sample_time, {{sample_conversation, 5}}}, encoding),
            encode_resync(encoding),
            encode_go_away({std::chrono::milliseconds(1500)}, encoding)};
}

// The members of oneofs that are set anywhere inside.
void collect(const google::protobuf::Message& message, std::set<std::string>& found) {
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    const auto* reflection = message.GetReflection();
    reflection->ListFields(message, &fields);
    for (const auto* field : fields) {
        if (field->containing_oneof() != nullptr) found.insert(field->full_name());
        if (field->message_type() == nullptr || field->is_map()) continue;
        const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
        for (int i = 0; i < count; ++i)
            collect(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                         : reflection->GetMessage(message, field),
                    found);
    }
}

TEST(Encode, KnowsEveryFrameOfTheSchema) {
    std::set<std::string> sent;
    collect(read(Encoding::binary, every_frame(Encoding::binary)), sent);
    for (const auto* type : {v1::ServerFrame::descriptor(),
                             v1::Reply::descriptor(),
                             v1::Event::descriptor(),
                             v1::Entry::descriptor()}) {
        const auto* choice = type->oneof_decl(0);
        for (int i = 0; i < choice->field_count(); ++i)
            EXPECT_TRUE(sent.contains(choice->field(i)->full_name()))
                << choice->field(i)->full_name();
    }
}

TEST(Encode, BothSubprotocolsSayTheSame) {
    const auto binary = read(Encoding::binary, every_frame(Encoding::binary));
    const auto json = read(Encoding::json, every_frame(Encoding::json));
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(binary, json));
}

TEST(Encode, K5_FillsEveryFieldOfAnEntry) {
    const auto entry = read_entry(text_view(5, "hi"), agent);
    EXPECT_EQ(entry.conversation_id(), to_text(sample_conversation));
    EXPECT_EQ(entry.seq(), 5U);
    EXPECT_EQ(entry.prev_seq(), 4U);
    EXPECT_EQ(entry.author().kind(), v1::PERSON_KIND_VISITOR);
    EXPECT_EQ(entry.author().id(), to_text(sample_visitor));
    EXPECT_EQ(entry.author().name(), "Vera");
    EXPECT_EQ(entry.at().seconds(), 1'700'000'000);
    EXPECT_EQ(entry.at().nanos(), 250'000'000);
    EXPECT_FALSE(entry.agents_only());
    EXPECT_EQ(entry.client_msg_id(), to_text(sample_message));
    EXPECT_EQ(entry.text().text(), "hi");
}

TEST(Encode, K5_AVisitorIsTalkedToAsIfNotesDidNotExist) {
    EXPECT_EQ(encode_publication(publication(note_view()), visitor), nullptr);
    EXPECT_EQ(encode_publication(publication(presence_view()), visitor), nullptr);

    auto after_note = text_view(7);
    after_note.prev_public_seq = 5;
    EXPECT_EQ(read_entry(after_note, visitor).prev_seq(), 5U);
    EXPECT_EQ(read_entry(after_note, agent).prev_seq(), 6U);

    const std::vector<EntryView> page{text_view(5), note_view(6), after_note};
    const auto entries = read_one(encode_page(1, page, false, visitor)).reply().entries();
    ASSERT_EQ(entries.entries_size(), 2);
    EXPECT_EQ(entries.entries(1).seq(), 7U);
}

TEST(Encode, AVisitorsSummaryKeepsWhatIsForAgents) {
    const auto pub = publication(summary_view());
    const auto theirs = read_one(encode_publication(pub, visitor)).event().summary();
    EXPECT_EQ(theirs.last_seq(), 5U);
    EXPECT_EQ(theirs.unread(), 0U);
    EXPECT_EQ(theirs.last_visitor_message(), "");
    const auto ours = read_one(encode_publication(pub, agent)).event().summary();
    EXPECT_EQ(ours.last_seq(), 6U);
    EXPECT_EQ(ours.unread(), 2U);
    EXPECT_EQ(ours.last_visitor_message(), "hello");
}

TEST(Encode, OnlyAgentsSeeTheTicketOfOneThatWaits) {
    const auto ticket_of = [](const SummaryView& view, const Look& look) {
        return read_one(encode_publication(publication(view), look)).event().summary().ticket();
    };
    SummaryView waiting = summary_view();
    waiting.state = ConversationState::queued;
    EXPECT_EQ(ticket_of(waiting, agent), 77);
    EXPECT_EQ(ticket_of(waiting, visitor), 0);
    EXPECT_EQ(ticket_of(summary_view(), agent), 0) << "it is not in the queue";
}

TEST(Encode, K9_ADraftIsForAgentsAlone) {
    const auto pub = publication(typing_view("I would li"));
    for (const auto encoding : {Encoding::binary, Encoding::json}) {
        const auto shown = [&](Visibility audience) {
            const auto frame = encode_publication(pub, look_of(encoding, audience));
            return read(encoding, {frame}).frames(0).event().typing();
        };
        EXPECT_EQ(shown(Visibility::agents).draft(), "I would li");
        EXPECT_EQ(shown(Visibility::all).draft(), "");
        EXPECT_EQ(shown(Visibility::all).person().name(), "Vera");
    }
}

TEST(Encode, K9_ADraftDoesNotStayForTheNextWhoTypes) {
    encode_publication(publication(typing_view("I would li")), agent);
    const auto next = read_one(encode_publication(publication(typing_view("")), agent));
    EXPECT_EQ(next.event().typing().draft(), "");
}

TEST(Encode, K9_AWelcomeSaysWhetherDraftsAreShown) {
    auto welcome = sample_welcome();
    EXPECT_TRUE(read_one(encode_welcome(1, welcome, visitor)).reply().welcome().draft_preview());
    welcome.view.draft_preview = false;
    EXPECT_FALSE(read_one(encode_welcome(1, welcome, visitor)).reply().welcome().draft_preview());
}

TEST(Encode, AWelcomeOfAVisitorHidesTheSameAsItsEvents) {
    const auto welcome = read_one(encode_welcome(1, sample_welcome(), visitor)).reply().welcome();
    EXPECT_EQ(welcome.conversations(0).unread(), 0U);
    EXPECT_EQ(welcome.conversations(0).last_seq(), 5U);
    EXPECT_EQ(welcome.limits().in_flight_max(), 8U);
    EXPECT_EQ(welcome.heartbeat_interval_ms(), 15'000U);
}

TEST(Encode, NobodyAssignedIsNoPerson) {
    auto view = summary_view();
    view.agent = {{PersonKind::agent, 0}, {}, ""};
    view.assigned_at.reset();
    const auto summary = read_one(encode_publication(publication(view), agent)).event().summary();
    EXPECT_FALSE(summary.has_agent());
    EXPECT_FALSE(summary.has_assigned_at());
}

// Frames are filled again, not built anew; on a thread of its own there is nothing to be left.
TEST(Encode, NothingOfOneFrameIsLeftInTheNext) {
    SummaryView bare = summary_view();
    bare.agent = {};
    bare.assigned_at.reset();
    bare.timeline = {};
    EntryView nobodys = system_view();
    nobodys.conversation = {};
    nobodys.entry.body = R"({"code":"queued"})";
    PresenceView wanted = presence_view();
    wanted.wish = {};
    wanted.colour = {Status::available, Reason::ready, false};
    QueuePlaceView unknown = place_view();
    unknown.expect.reset();
    const std::vector<Publication> last{
        publication(bare), publication(nobodys), publication(wanted), publication(unknown)};
    for (const Look& look : {agent, visitor, look_of(Encoding::json, Visibility::all)}) {
        for (const Publication& each : last) {
            if (encode_publication(each, look) == nullptr) continue;
            std::string alone;
            std::thread([&] { alone = *encode_publication(each, look); }).join();
            encode_publication(publication(summary_view()), agent);
            encode_publication(publication(note_view()), agent);
            encode_publication(publication(system_view()), agent);
            encode_publication(publication(presence_view()), agent);
            encode_publication(publication(place_view()), agent);
            EXPECT_EQ(*encode_publication(each, look), alone);
        }
    }
}

TEST(Encode, K5_ASystemEntryIsACodeWithParameters) {
    const auto system = read_entry(system_view(), agent).system();
    EXPECT_EQ(system.code(), "assigned");
    EXPECT_EQ(system.parameters().at("name"), "Ann");
    EXPECT_EQ(system.parameters().size(), 2U);

    auto odd = system_view();
    for (const auto* body : {"", "[]", "{\"code\":3}", "\xff"}) {
        odd.entry.body = body;
        EXPECT_NE(encode_publication(publication(odd), agent), nullptr) << body;
    }
}

TEST(Encode, K7_AKindThatIsNotDeclaredArrivesAsUnsupported) {
    const Look plain{Encoding::binary, Visibility::agents, {}};
    const auto note = read_entry(note_view(), plain).unsupported();
    EXPECT_EQ(note.kind(), "note");
    EXPECT_EQ(note.fallback_text(), "likes tea");
    EXPECT_EQ(read_entry(system_view(), plain).unsupported().fallback_text(), "assigned");
    EXPECT_EQ(read_entry(block_view(), plain).unsupported().kind(), "block");
    const auto link = read_entry(link_view(), plain).unsupported();
    EXPECT_EQ(link.kind(), "link");
    EXPECT_EQ(link.fallback_text(), link_view().entry.body);
}

TEST(Encode, AnAgentIsThereForTheVisitorOnceHisClientHasConfirmed) {
    auto view = summary_view();
    view.joined_at.reset();
    const auto assigned = publication(view);
    const auto theirs = read_one(encode_publication(assigned, visitor)).event().summary();
    EXPECT_FALSE(theirs.has_agent());
    EXPECT_FALSE(theirs.has_assigned_at());
    EXPECT_FALSE(theirs.needs_confirmation());
    const auto ours = read_one(encode_publication(assigned, agent)).event().summary();
    EXPECT_EQ(ours.agent().name(), "Ann");
    EXPECT_TRUE(ours.needs_confirmation());

    const auto joined = publication(summary_view());
    EXPECT_TRUE(read_one(encode_publication(joined, visitor)).event().summary().has_agent());
    EXPECT_FALSE(
        read_one(encode_publication(joined, agent)).event().summary().needs_confirmation());
    view.state = ConversationState::inactive;
    EXPECT_FALSE(read_one(encode_publication(publication(view), agent))
                     .event()
                     .summary()
                     .needs_confirmation());
}

TEST(Encode, WhoIsBlockedSeesAnOrdinaryEnd) {
    auto view = summary_view();
    view.state = ConversationState::closed;
    view.close_reason = CloseReason::blocked;
    view.visitor_left = true;
    const auto closed = publication(view);
    const auto theirs = read_one(encode_publication(closed, visitor)).event().summary();
    EXPECT_EQ(theirs.close_reason(), v1::CLOSE_REASON_AGENT);
    EXPECT_FALSE(theirs.visitor_left());
    const auto ours = read_one(encode_publication(closed, agent)).event().summary();
    EXPECT_EQ(ours.close_reason(), v1::CLOSE_REASON_BLOCKED);
    EXPECT_TRUE(ours.visitor_left());
    EXPECT_EQ(encode_publication(publication(block_view()), visitor), nullptr);
    EXPECT_EQ(read_entry(block_view(), agent).block().parameters().at("reason"), "abuse");
}

TEST(Encode, FillsEveryFieldOfAPresence) {
    const auto presence =
        read_one(encode_publication(publication(presence_view()), agent)).event().presence();
    EXPECT_EQ(presence.agent_id(), to_text(sample_agent));
    EXPECT_EQ(presence.status(), v1::STATUS_UNAVAILABLE);
    EXPECT_EQ(presence.reason(), v1::REASON_CHOSEN);
    EXPECT_EQ(presence.wish().intent(), v1::INTENT_UNAVAILABLE);
    EXPECT_EQ(presence.wish().cause(), v1::REASON_CHOSEN);
    EXPECT_EQ(presence.wish().text(), "lunch");
    EXPECT_TRUE(presence.reconnecting());
    EXPECT_EQ(presence.slots_used(), 2U);
    EXPECT_EQ(presence.slots_max(), 3U);
    EXPECT_EQ(presence.version(), 104U);

    auto view = presence_view();
    view.wish = {};
    const auto wanted = read_one(encode_publication(publication(view), agent)).event().presence();
    EXPECT_EQ(wanted.wish().cause(), v1::REASON_UNSPECIFIED) << "he is wanted: there is no cause";
}

TEST(Encode, AWaitThatIsNotKnownIsLeftOut) {
    auto view = place_view();
    const auto known = read_one(encode_publication(publication(view), visitor));
    EXPECT_EQ(known.event().queue_place().expected_wait_seconds(), 90U);
    view.expect.reset();
    const auto place = read_one(encode_publication(publication(view), visitor));
    EXPECT_FALSE(place.event().queue_place().has_expected_wait_seconds());
    EXPECT_EQ(place.event().queue_place().position(), 2U);
}

TEST(Encode, WhatIsLongGoesInPartsThatFitAMessage) {
    auto live = live_view();
    live.agents.resize(1'000, live.agents.front());
    live.queue.resize(1'000, live.queue.front());
    const BlocksView blocks{std::vector<Block>(500, block_of(std::string(500, '\x01')))};
    for (const auto encoding : {Encoding::binary, Encoding::json}) {
        const auto look = look_of(encoding, Visibility::agents);
        int agents = 0, queue = 0, blocked = 0;
        const auto parts = encode_live(8, live, look);
        for (const auto& frame : parts) {
            EXPECT_LE(frame->size(), message_bytes_max - 64);
            const auto part = read(encoding, {frame}).frames(0).reply();
            EXPECT_EQ(part.id(), 8U);
            EXPECT_EQ(part.live().more(), frame != parts.back());
            agents += part.live().agents_size();
            queue += part.live().queue_size();
        }
        EXPECT_EQ(agents, 1'000);
        EXPECT_EQ(queue, 1'000);
        for (const auto& frame : encode_blocks(9, blocks, encoding)) {
            EXPECT_LE(frame->size(), message_bytes_max - 64);
            blocked += read(encoding, {frame}).frames(0).reply().blocks().blocks_size();
        }
        EXPECT_EQ(blocked, 500);
    }
}

TEST(Encode, NothingGoingOnIsAnAnswerToo) {
    const auto parts = encode_live(8, {}, agent);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_TRUE(read_one(parts.front()).reply().has_live());
}

TEST(Encode, APageEndsWhereAMessageWouldBeTooBig) {
    const std::vector<EntryView> page(100, text_view(1, std::string(text_bytes_max, '\x01')));
    for (const auto encoding : {Encoding::binary, Encoding::json}) {
        const auto look = look_of(encoding, Visibility::agents);
        const auto frame = encode_page(1, page, false, look);
        EXPECT_LE(frame->size(), message_bytes_max - 64);
        const auto entries = read(encoding, {frame}).frames(0).reply().entries();
        EXPECT_GE(entries.entries_size(), 1);
        EXPECT_TRUE(entries.more());
    }
}

TEST(Encode, AnyEntryFitsAMessage) {
    const auto frame = encode_publication(publication(text_view(1, std::string(text_bytes_max, 1))),
                                          look_of(Encoding::json, Visibility::agents));
    EXPECT_LE(frame->size(), message_bytes_max - 64);
}

TEST(Encode, ARefusalSaysWhy) {
    const auto error = read_one(encode_refused(9,
                                               refused(Refusal::invalid, "client_msg_id"),
                                               std::chrono::milliseconds(0),
                                               Encoding::binary))
                           .reply();
    EXPECT_EQ(error.id(), 9U);
    EXPECT_EQ(error.error().code(), "invalid");
    EXPECT_EQ(error.error().detail(), "client_msg_id");
    EXPECT_EQ(error.error().conversation_id(), "");
}

TEST(Encode, JsonHasNamesAsTheMappingSays) {
    const auto frame = encode_stored(2, {sample_conversation, 105, 5, sample_time}, Encoding::json);
    EXPECT_THAT(*frame, HasSubstr(R"("pos":"105")"));
    EXPECT_THAT(*frame, HasSubstr(R"("conversationId":)"));
    EXPECT_THAT(*frame, HasSubstr(R"("at":"2023-11-14T22:13:20.250Z")"));
    EXPECT_THAT(*frame, Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace switchboard
