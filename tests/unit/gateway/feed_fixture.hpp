#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <string>
#include <utility>
#include <vector>

#include "gateway/feed.hpp"
#include "support/wire_samples.hpp"

namespace switchboard {

inline constexpr SiteId sample_site{5};
inline constexpr Digest sample_login{1, 2, 3};

// A feed of its own, and what would be sent through it, as words: "entry 5", "summary", "presence
// 104"…
class FeedFixture {
public:
    FeedFixture(const PublicId& person,
                Visibility audience,
                const GatewaySettings& settings = default_settings())
        : feed(context.get_executor(), settings) {
        Principal principal;
        principal.tenant = TenantId{1};
        principal.role = audience == Visibility::all ? Role::visitor : Role::agent;
        principal.person.kind =
            audience == Visibility::all ? PersonKind::visitor : PersonKind::agent;
        principal.public_id = person;
        KindSet kinds;
        kinds.add(EntryKind::note);
        Belonging belonging;
        belonging.principal = principal;
        belonging.connection = {sample_conversation, 1};
        belonging.look = {Encoding::json, audience, kinds};
        if (audience == Visibility::all) belonging.site = sample_site;
        if (audience == Visibility::agents) belonging.login = sample_login;
        feed.belong_to(belonging);
    }

    static const GatewaySettings& default_settings() {
        static const GatewaySettings settings;
        return settings;
    }

    void show(Publication publication) {
        const auto shared = std::make_shared<const Publication>(std::move(publication));
        Rendition rendition(*shared);
        feed.show(shared, rendition);
    }

    // What its writer has taken since the last call; until then nothing is taken.
    std::vector<std::string> sent() {
        if (!writes_) boost::asio::co_spawn(context, write(), boost::asio::detached);
        writes_ = true;
        context.restart();
        context.poll();
        return std::exchange(words_, {});
    }

    static std::string word_of(const boost::json::object& frame) {
        const auto* event = frame.if_contains("event");
        if (event == nullptr) return "reply";
        for (const auto& [key, value] : event->as_object()) {
            if (key == "pos") continue;
            std::string word(key);
            if (key == "entry") word += " " + std::to_string(value.at("seq").to_number<int>());
            if (key == "presence") word += " " + std::string(value.at("version").as_string());
            if (key == "queuePlace") word += " " + std::to_string(value.at("position").as_int64());
            return word;
        }
        return "";
    }

    boost::asio::io_context context;
    Feed feed;

private:
    boost::asio::awaitable<void> write() {
        for (;;) {
            while (!feed.is_due())
                co_await feed.wait();
            feed.take(frames_);
            if (frames_.empty()) co_return;
            for (const auto& frame : frames_)
                words_.push_back(word_of(boost::json::parse(*frame).as_object()));
        }
    }

    bool writes_ = false;
    std::vector<Frame> frames_;
    std::vector<std::string> words_;
};

}  // namespace switchboard
