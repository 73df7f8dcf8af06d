#include "tenants/tenant.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "domain/stop_point.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

// How late a command may learn that it was not decided in time.
constexpr std::chrono::milliseconds deadline_watch{250};

}  // namespace

Tenant::Tenant(const asio::any_io_executor& executor,
               TenantId id,
               const TenantServices& services,
               TenantLoop::Limits limits)
    : id_(id), services_(services), loop_(id, limits), wake_(executor), deadlines_(executor) {}

asio::awaitable<void> Tenant::run() {
    while (!stopping_) {
        const TenantLoop::Step step = loop_.next(services_.clock.now());
        show();
        if (const auto alarm = loop_.take_alarm()) services_.alarm(id_, *alarm);
        if (const auto* waiting = std::get_if<TenantLoop::Wait>(&step))
            co_await wait(waiting->until);
        if (std::holds_alternative<TenantLoop::Take>(step)) co_await take();
        if (std::holds_alternative<TenantLoop::Load>(step)) co_await load();
        if (const auto* finding = std::get_if<TenantLoop::Find>(&step))
            co_await find(finding->look_up);
        if (const auto* storing = std::get_if<TenantLoop::Store>(&step))
            co_await store(storing->batch);
        if (std::holds_alternative<TenantLoop::CarryOut>(step)) carry_out();
    }
    deadlines_.cancel();
    const std::int64_t epoch = loop_.epoch();
    loop_.refuse_all();
    show();
    if (epoch != 0) co_await services_.ownership.release(id_, epoch);
}

asio::awaitable<void> Tenant::wait(std::optional<Time> until) {
    const auto now = services_.clock.now();
    wake_.expires_after(until ? *until - now : std::chrono::hours(1));
    waiting_ = true;
    constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
    co_await wake_.async_wait(as_values);
    waiting_ = false;
}

asio::awaitable<void> Tenant::take() {
    term_ = services_.ownership.term();
    const auto taken = co_await services_.ownership.take(id_);
    const bool reached = term_ != 0 && taken.has_value();
    std::optional<std::optional<Taken>> answer;
    if (reached) answer = taken.value();
    loop_.taken(answer, services_.clock.now());
}

asio::awaitable<void> Tenant::load() {
    const auto state = co_await services_.store.load(id_);
    if (!is_held()) co_return loop_.drop();  // it may show what it finds
    std::optional<TenantState> answer;
    if (state.has_value()) answer = state.value();
    loop_.loaded(answer, services_.clock.now());
}

asio::awaitable<void> Tenant::find(LookUp look_up) {
    auto facts = co_await services_.store.find(id_, std::move(look_up));
    std::optional<Facts> answer;
    if (facts.has_value()) answer = std::move(facts.value());
    loop_.found(std::move(answer), services_.clock.now());
}

asio::awaitable<void> Tenant::store(const Batch* batch) {
    stop_point(StopPoint::gathered);
    if (!watching_) watch_deadlines();
    const Commit outcome = co_await services_.log.commit(*batch);
    loop_.stored(outcome, services_.clock.now());
}

bool Tenant::is_held() const { return term_ != 0 && services_.ownership.term() == term_; }

void Tenant::carry_out() {
    loop_.carried_out(is_held());
    show();
}

void Tenant::show() {
    CarriedOut output = loop_.take_output();
    if (output.answers.empty() && output.publications.empty() && !output.has_gap) return;
    services_.audience.show(std::make_shared<const CarriedOut>(std::move(output)));
}

void Tenant::accept(WaitingCommand command) {
    loop_.accept(std::move(command), services_.clock.now());
    if (waiting_) wake_.cancel();
    if (!watching_) watch_deadlines();
}

// Answers in time although the store does not.
void Tenant::watch_deadlines() {
    watching_ = loop_.is_watched() && !stopping_;
    if (!watching_) return;
    deadlines_.expires_after(deadline_watch);
    deadlines_.async_wait([this](boost::system::error_code ec) {
        if (ec) return;
        loop_.expire(services_.clock.now());
        show();
        watch_deadlines();
    });
}

void Tenant::stop() {
    stopping_ = true;
    wake_.cancel();
}

}  // namespace switchboard
