#pragma once

#include <functional>
#include <vector>

#include "tenants/tenant_store.hpp"

namespace switchboard {

// A store of one conversation that a test writes by hand.
class ScriptedStore final : public TenantStore {
public:
    boost::asio::awaitable<Result<TenantState>> load(TenantId /*tenant*/) override {
        co_return make_error_code(boost::system::errc::not_supported);
    }

    boost::asio::awaitable<Result<Facts>> find(TenantId /*tenant*/, LookUp look_up) override {
        if (is_down) co_return make_error_code(boost::system::errc::timed_out);
        Facts facts;
        for (const auto& wanted : look_up.conversations) {
            if (wanted == conversation.public_id) facts.conversations.push_back(conversation);
        }
        facts.asked = std::move(look_up);
        co_return facts;
    }

    boost::asio::awaitable<Result<EntryPage>> read(PageRequest request) override {
        if (is_down) co_return make_error_code(boost::system::errc::timed_out);
        if (before_read) before_read();
        EntryPage page;
        for (const auto& entry : entries) {
            if (entry.entry.seq <= request.after) continue;
            if (request.audience == Visibility::all && entry.entry.visibility == Visibility::agents)
                continue;
            page.more = page.entries.size() == static_cast<std::size_t>(request.limit);
            if (page.more) break;
            page.entries.push_back(entry);
        }
        co_return page;
    }

    bool is_down = false;
    StoredConversation conversation;
    std::vector<EntryView> entries;
    std::function<void()> before_read;
};

}  // namespace switchboard
