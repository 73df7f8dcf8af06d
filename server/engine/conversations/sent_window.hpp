#pragma once

#include <optional>
#include <set>

#include "domain/tenant_state.hpp"

namespace switchboard {

// The messages with the highest client ids, so that a repeated one is found before it is applied.
// Ids at or below the lowest kept are not known here and must be looked up in the store.
class SentWindow {
public:
    void restore(const TenantState& state);

    const SentMessage* find(const ClientMessageId& id, const Person& sender) const;

    // True when memory alone cannot tell whether such an id is stored.
    bool lies_before(const ClientMessageId& id) const { return before_ && id <= *before_; }

    void add(const SentMessage& message);

    // Lets go of the lowest ids beyond the bound. Between batches only: within one, every id
    // it stores must be found.
    void trim();

    std::vector<SentMessage> messages() const;
    std::size_t max() const { return max_; }
    const std::optional<ClientMessageId>& before() const { return before_; }

private:
    struct Key {
        ClientMessageId id;
        Person sender;
        auto operator<=>(const Key&) const = default;
    };
    struct Lower {
        using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's name
        static Key key_of(const Key& key) { return key; }
        static Key key_of(const SentMessage& message) { return {message.id, message.sender}; }
        bool operator()(const auto& one, const auto& other) const {
            return key_of(one) < key_of(other);
        }
    };
    std::set<SentMessage, Lower> messages_;
    std::size_t max_ = sent_window_max;
    std::optional<ClientMessageId> before_;  // the highest id ever let go
};

}  // namespace switchboard
