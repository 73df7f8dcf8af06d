#include "support/memory_ports.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace switchboard {
namespace asio = boost::asio;

namespace {

// A turn of the caller's loop, as an answer from elsewhere takes at least one.
asio::awaitable<void> pause() {
    const auto home = co_await asio::this_coro::executor;
    co_await asio::post(home, asio::use_awaitable);
}

}  // namespace

asio::awaitable<Commit> MemoryTenantLog::commit(const Batch& batch) {
    co_await pause();
    co_return database_.commit(me_, batch);
}

asio::awaitable<Result<TenantState>> MemoryTenantStore::load(TenantId tenant) {
    co_await pause();
    if (!database_.has(tenant))
        co_return make_error_code(boost::system::errc::no_such_file_or_directory);
    co_return database_.load(tenant);
}

asio::awaitable<Result<Facts>> MemoryTenantStore::find(TenantId tenant, LookUp look_up) {
    co_await pause();
    co_return database_.find(tenant, look_up);
}

asio::awaitable<Result<EntryPage>> MemoryTenantStore::read(PageRequest request) {
    co_await pause();
    co_return database_.read(request);
}

asio::awaitable<Result<std::optional<Taken>>> MemoryOwnerTable::take(TenantId tenant) {
    co_await pause();
    co_return database_.take(tenant, me_);
}

asio::awaitable<Result<Released>> MemoryOwnerTable::release(TenantId tenant, std::int64_t epoch) {
    co_await pause();
    co_return database_.release(tenant, epoch, me_);
}

Result<void> MemoryLeaseTable::enlist(std::optional<Incarnation> predecessor) {
    database_.enlist(me_, predecessor);
    return {};
}

Result<Renewed> MemoryLeaseTable::renew() { return database_.renew(me_); }

}  // namespace switchboard
