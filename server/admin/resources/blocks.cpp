#include "admin/resources/resources.hpp"
#include "admin/rest/look.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::object to_json(const StoredBlock& stored) {
    const Block& block = stored.block;
    const PersonView visitor{person(block.visitor), block.visitor_public_id, block.visitor_name};
    const PersonView by{block.by, stored.by_public_id, stored.by_name};
    return {{"id", to_text(block.public_id)},
            {"visitor", to_json(visitor)},
            {"by", to_json(by)},
            {"reason", block.reason},
            {"at", to_rfc3339(block.at)},
            {"expires_at", time_or_null(block.expires_at)},
            {"lifted_at", time_or_null(stored.lifted_at)},
            {"hits", stored.hits}};
}

ApiAnswer shown_block(const PublicId& block, bool is_repeated) {
    const std::string id = to_text(block);
    return created(good(json::object{{"id", id}}), "/v1/blocks/" + id, is_repeated);
}

}  // namespace

asio::awaitable<ApiAnswer> list_blocks(const RestParts& parts, const Call& call) {
    const auto page = call.page();
    if (!page) co_return malformed_cursor();
    BlockQuery wanted;
    wanted.tenant = call.tenant();
    wanted.with_lifted = flag_in(call.query, "lifted", false);
    wanted.before.value = page->from;
    wanted.limit = page->limit + 1;
    const auto blocks = co_await parts.archive.blocks(wanted);
    if (!blocks) co_return refused(blocks.error());
    const auto look = [](const StoredBlock& block) { return to_json(block); };
    const auto id_of = [](const StoredBlock& stored) { return stored.block.id.value; };
    co_return list(*blocks, page->limit, look, id_of);
}

asio::awaitable<ApiAnswer> get_block(const RestParts& parts, const Call& call) {
    const auto found = co_await parts.archive.find_block(call.tenant(), call.id("block"));
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    co_return good(to_json(**found));
}

asio::awaitable<ApiAnswer> create_block(const RestParts& parts, const Call& call) {
    BlockVisitor block;
    block.conversation = id_in(call.body, "conversation");
    block.visitor = id_in(call.body, "visitor");
    block.reason = text_in(call.body, "reason");
    const bool is_to_end = call.body.contains("expires_at");
    if (is_to_end) block.expires_at = parse_rfc3339(text_in(call.body, "expires_at"));
    const Flaw flaw{"/body/expires_at", "no time, or one that is past"};
    if (is_to_end && !block.expires_at) co_return malformed({flaw});
    auto creation = co_await begin_creation(parts, call, Configured::block);
    if (creation.objection) co_return std::move(*creation.objection);
    if (creation.was_asked_for) {
        const auto found = co_await parts.archive.find_block(call.tenant(), creation.made);
        if (!found) co_return refused(found.error());
        if (*found) co_return shown_block(creation.made, true);
    }
    if (is_to_end && *block.expires_at <= call.now) co_return malformed({flaw});
    block.block = creation.id;
    Command command;
    command.principal = call.principal;
    command.what = std::move(block);
    const Reply reply = co_await ask(parts, std::move(command));
    if (auto answer = objection(reply)) co_return std::move(*answer);
    const auto* blocked = std::get_if<Blocked>(&reply);
    if (blocked == nullptr) co_return refused(Refusal::unavailable);
    if (blocked->block == creation.id) co_return shown_block(creation.id, false);
    const PublicId there = blocked->block;
    const auto made = co_await parts.catalogue.came_to(call.tenant(), creation.id, there);
    if (!made) co_return refused(made.error());
    co_return shown_block(*made, false);
}

asio::awaitable<ApiAnswer> lift_block(const RestParts& parts, const Call& call) {
    Command command;
    command.principal = call.principal;
    command.what = LiftBlock{call.id("block")};
    const Reply reply = co_await ask(parts, std::move(command));
    if (auto answer = objection(reply)) co_return std::move(*answer);
    co_return nothing();
}

}  // namespace switchboard
