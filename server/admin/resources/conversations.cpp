#include "admin/resources/resources.hpp"
#include "admin/rest/look.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::value to_json(const std::optional<StoredForm>& form) {
    if (!form) return nullptr;
    json::array tags;
    for (const std::string& tag : form->tags)
        tags.emplace_back(tag);
    return json::object{
        {"tags", std::move(tags)}, {"note", form->note}, {"at", to_rfc3339(form->at)}};
}

json::value to_json(const std::optional<StoredRating>& rating) {
    if (!rating) return nullptr;
    return json::object{
        {"stars", rating->stars}, {"comment", rating->comment}, {"at", to_rfc3339(rating->at)}};
}

json::object to_json(const StoredTalk& talk) {
    const Conversation& row = talk.conversation;
    json::value agent = nullptr, close_reason = nullptr;
    if (row.agent) agent = to_json(talk.agent);
    if (row.close_reason != CloseReason::none) close_reason = name_of(row.close_reason);
    return {{"id", to_text(row.public_id)},
            {"channel", name_of(channel_names, row.channel)},
            {"site", talk.site_key},
            {"state", name_of(state_names, row.state)},
            {"visitor", to_json(talk.visitor)},
            {"agent", std::move(agent)},
            {"opened_at", to_rfc3339(row.opened_at)},
            {"assigned_at", time_or_null(row.assigned_at)},
            {"closed_at", time_or_null(row.closed_at)},
            {"close_reason", std::move(close_reason)},
            {"form", to_json(talk.form)},
            {"rating", to_json(talk.rating)}};
}

// The conversation of the path, when the caller may see it; else why he is shown none.
asio::awaitable<boost::system::result<StoredTalk, ApiAnswer>> find(const RestParts& parts,
                                                                   const Call& call) {
    const PublicId id = call.id("conversation");
    auto found = co_await parts.archive.find_conversation(call.tenant(), id);
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    const bool is_own = (*found)->conversation.agent == account_of(call.principal.person);
    if (call.own_only && !is_own) co_return refused(Refusal::not_found);
    co_return std::move(**found);
}

// Puts the agent and the site of the query into `wanted`; else the answer.
asio::awaitable<std::optional<ApiAnswer>> look_up(const RestParts& parts,
                                                  const Call& call,
                                                  ConversationQuery& wanted) {
    if (const PublicId id = id_in(call.query, "agent")) {
        const auto agent = co_await parts.catalogue.find_agent(call.tenant(), id);
        if (!agent) co_return refused(agent.error());
        if (!*agent) co_return refused(Refusal::not_found);
        wanted.agent = (*agent)->id;
    }
    if (call.own_only) {
        const AgentId self = account_of(call.principal.person);
        if (wanted.agent && wanted.agent != self) co_return refused(Refusal::not_found);
        wanted.agent = self;
    }
    if (std::string key = text_in(call.query, "site"); !key.empty()) {
        const auto site = co_await parts.catalogue.find_site(call.tenant(), std::move(key));
        if (!site) co_return refused(site.error());
        if (!*site) co_return refused(Refusal::not_found);
        wanted.site = (*site)->id;
    }
    co_return std::nullopt;
}

// A time of the query; false when it is none.
bool read_time(const json::object& query, std::string_view field, std::optional<Time>& time) {
    if (!query.contains(field)) return true;
    time = parse_rfc3339(text_in(query, field));
    return time.has_value();
}

}  // namespace

asio::awaitable<ApiAnswer> list_conversations(const RestParts& parts, const Call& call) {
    const auto page = call.page();
    if (!page) co_return malformed_cursor();
    ConversationQuery wanted;
    wanted.tenant = call.tenant();
    wanted.before.value = page->from;
    wanted.limit = page->limit + 1;
    for (const auto& [field, time] : {std::pair("from", &wanted.from), {"to", &wanted.to}}) {
        const Flaw flaw{std::string("/query/") + field, "there is no such time"};
        if (!read_time(call.query, field, *time)) co_return malformed({flaw});
    }
    if (call.query.contains("state"))
        wanted.state = value_in(call.query, "state", state_names, ConversationState::closed);
    auto answer = co_await look_up(parts, call, wanted);
    if (answer) co_return std::move(*answer);
    const auto found = co_await parts.archive.conversations(wanted);
    if (!found) co_return refused(found.error());
    const auto look = [](const StoredTalk& talk) { return to_json(talk); };
    const auto id_of = [](const StoredTalk& talk) { return talk.conversation.id.value; };
    co_return list(*found, page->limit, look, id_of);
}

asio::awaitable<ApiAnswer> get_conversation(const RestParts& parts, const Call& call) {
    auto talk = co_await find(parts, call);
    if (!talk) co_return std::move(talk).error();
    co_return good(to_json(*talk));
}

asio::awaitable<ApiAnswer> list_entries(const RestParts& parts, const Call& call) {
    const auto page = call.page();
    if (!page || page->from > std::numeric_limits<Seq>::max()) co_return malformed_cursor();
    auto talk = co_await find(parts, call);
    if (!talk) co_return std::move(talk).error();
    PageRequest request;
    request.tenant = call.tenant();
    request.conversation = talk->conversation.id;
    request.after = static_cast<Seq>(page->from);
    request.limit = page->limit + 1;
    request.audience = Visibility::agents;
    const auto entries = co_await parts.store.read(request);
    if (!entries) co_return refused(entries.error());
    const auto look = [](const EntryView& view) { return to_json(view); };
    const auto seq_of = [](const EntryView& view) { return view.entry.seq; };
    co_return list(entries->entries, page->limit, look, seq_of);
}

asio::awaitable<ApiAnswer> close_conversation(const RestParts& parts, const Call& call) {
    Command command;
    command.principal = call.principal;
    command.what = CloseConversation{call.id("conversation")};
    const Reply reply = co_await ask(parts, std::move(command));
    if (auto answer = objection(reply)) co_return std::move(*answer);
    co_return nothing();
}

}  // namespace switchboard
