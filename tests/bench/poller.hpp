#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <sys/epoll.h>
#include <system_error>
#include <time.h>
#include <unistd.h>

namespace switchboard {

// Waits for many descriptors on one thread.
class Poller {
public:
    class Item {
    public:
        virtual void ready(std::uint32_t events) = 0;

    protected:
        ~Item() = default;
    };

    Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
    }
    ~Poller() { ::close(epoll_); }
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    void add(int fd, Item& item) { control(EPOLL_CTL_ADD, fd, item, EPOLLIN); }
    void want_to_write(int fd, Item& item, bool also_write) {
        control(EPOLL_CTL_MOD, fd, item, also_write ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }

    // Serves what is ready; waits for it at most so long. Items must outlive the call.
    void run_once(std::chrono::nanoseconds wait) {
        std::array<epoll_event, 256> events{};
        if (wait.count() < 0) wait = {};
        const timespec time{wait.count() / 1'000'000'000, wait.count() % 1'000'000'000};
        const int count =
            ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &time, nullptr);
        for (int i = 0; i < count; ++i) {
            const auto& event = events.at(static_cast<std::size_t>(i));
            static_cast<Item*>(event.data.ptr)->ready(event.events);
        }
    }

private:
    void control(int what, int fd, Item& item, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.ptr = &item;
        if (::epoll_ctl(epoll_, what, fd, &event) != 0)
            throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }

    int epoll_;
};

}  // namespace switchboard
