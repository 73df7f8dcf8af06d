#pragma once

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace switchboard {

// Looks at every connection of one io_context about once a second, so that a deadline costs a
// message nothing: no timer is set or cancelled as bytes come and go, a time stamp is taken from
// now(). Deadlines are therefore kept with the tolerance of one round. Belongs to the thread of its
// io_context.
class Watch : public boost::asio::execution_context::service {
public:
    using Time = std::chrono::steady_clock::time_point;
    using key_type = Watch;
    static inline boost::asio::execution_context::id id;

    // What is looked at. Leaves the watch when destroyed.
    class Item : public boost::intrusive::list_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    public:
        virtual void look(Time now) = 0;

    protected:
        ~Item() = default;
    };

    explicit Watch(boost::asio::execution_context& context);

    // Looks at the item from now on, every `round` at the latest (a second if that is shorter).
    void add(Item& item, std::chrono::milliseconds round);

    // The time, as of the last slice: at most a tenth of a round old while anything is watched.
    Time now() const { return now_; }

private:
    void shutdown() override;
    void arm();
    void look_at_a_slice();

    boost::intrusive::list<Item, boost::intrusive::constant_time_size<false>> items_;
    std::optional<boost::asio::steady_timer> timer_;
    std::chrono::milliseconds round_{1'000};
    Time now_;
    bool armed_ = false;
};

}  // namespace switchboard
