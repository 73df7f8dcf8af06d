#pragma once

#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>

#include <chrono>
#include <vector>

#include "auth/digest.hpp"
#include "domain/time.hpp"

namespace switchboard {

// Counts tries per key, exactly: in no span of `window` are there more than `tries_max`. Not
// thread-safe.
//
// Bounded: when a new key does not fit, keys whose tries have all expired go first, then the one
// whose last try is the oldest. `keys_max` shall exceed the tries that can be made in a window, so
// that the latter, which forgives tries, does not happen; evicted() tells.
class TryLimiter {
public:
    struct Limits {
        std::size_t tries_max = 10;  // at least 1
        std::chrono::seconds window{15 * 60};
        std::size_t keys_max = 1 << 16;  // each takes about 150 bytes, and 8 per try
    };

    explicit TryLimiter(const Limits& limits) : limits_(limits) {}

    // How long `key` must wait until its next try; 0: it may try now. At most `window`.
    std::chrono::microseconds wait(const Digest& key, Time now) const;

    // Counts a try, which wait() allowed.
    void take(const Digest& key, Time now);

    // Takes back the try counted at `at`: it did not fail, or was not made.
    void give_back(const Digest& key, Time at);

    std::size_t size() const { return keys_.size(); }
    std::size_t evicted() const { return evicted_; }  // keys that went while they still counted

private:
    struct Tries {
        Digest key;
        std::vector<Time> at;  // oldest first
    };
    using Keys = boost::multi_index_container<
        Tries,
        boost::multi_index::indexed_by<
            // Ordered, not hashed: an attacker chooses the keys.
            boost::multi_index::ordered_unique<
                boost::multi_index::member<Tries, Digest, &Tries::key>>,
            boost::multi_index::sequenced<>>>;  // by the last try, oldest first

    bool has_expired(Time at, Time now) const { return now - at >= limits_.window; }
    void make_room(Time now);

    Limits limits_;
    Keys keys_;
    std::size_t evicted_ = 0;
};

}  // namespace switchboard
